"""The documents that Beanie registers."""

from documents.job import Job
from documents.project import Project
from documents.render import Render
from documents.session import Session
from documents.user import User

MODELS = (User, Session, Project, Job, Render)
