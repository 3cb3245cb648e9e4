"""The documents that Beanie registers."""

from documents.job import Job
from documents.project import Project
from documents.session import Session
from documents.user import User

MODELS = (User, Session, Project, Job)
