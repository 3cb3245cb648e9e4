"""How a company's words are said, wherever one of its projects is spoken."""

from documents.company import Company
from documents.lexicon import LexiconEntry
from documents.project import Project


async def with_house_lexicon(project: Project) -> Project:
    """The same project, knowing its company's lexicon, which is part of what its voices are made from."""
    if project.company_id is not None:
        own = {"_id": project.company_id}
        found = await Company.get_pymongo_collection().find_one(own, {"pronunciation": 1})
        entries = (found or {}).get("pronunciation", ())
        project.house_lexicon = tuple(LexiconEntry.model_validate(entry) for entry in entries)
    return project
