"""The documents that Beanie registers."""

from documents.job import Job
from documents.lease_lock import LeaseLock
from documents.pace import Pace
from documents.project import Project
from documents.render import Render
from documents.session import Session
from documents.user import User
from documents.worker_presence import WorkerPresence

MODELS = (User, Session, Project, Job, Render, Pace, WorkerPresence, LeaseLock)
