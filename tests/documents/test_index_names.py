"""Names of indexes: MongoDB refuses an index that it has by another name, and the server would not start."""

import pytest

from documents.invitation import invitation_indexes


@pytest.mark.parametrize(
    ("place", "newest"), [("company_id", "newest_of_company"), ("project_id", "newest_of_project")]
)
def test_what_invitations_share_keeps_the_names_that_databases_know(place: str, newest: str) -> None:
    names = [index.document["name"] for index in invitation_indexes(place)]
    assert names == [newest, "one_open_per_address", "by_address", "forgotten"]
