"""A person with an account."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, ClassVar, Final, cast

from beanie import Document, PydanticObjectId, UpdateResponse
from pydantic import Field
from pymongo import IndexModel, ReturnDocument
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.collation import Collation
from pymongo.errors import DuplicateKeyError

from documents.accounts.avatar import Avatar
from documents.accounts.identity import Identity
from documents.accounts.second_factor import SecondFactor
from documents.companies.role import USER_ROLE_ID
from documents.name_search import name_prefixes
from documents.text import LanguageTag, Title

NAME_COLLATION: Final = Collation(locale="en", strength=1)
"""How names are compared: as people read them, letter case and accents aside."""

_MEMBERS: Final = {"company_id": {"$gte": PydanticObjectId(bytes(12))}}
"""Users in companies: the others take no room in the indexes of members."""


class User(Document):
    """An account.

    Attributes:
        email: the address as its owner typed it. Mail goes here, never to the key.
        email_key: the form in which addresses are compared, unique (see `access.email_addresses`).
        name: what others see.
        name_prefixes: beginnings of the name's words, for the search among members.
        locale: BCP 47 tag of the language in which the person is addressed.
        password_hash: argon2id in PHC form, None for an account that has no password.
        identities: accounts at providers that open this one.
        totp: the second factor, None without one; it counts once it is confirmed.
        email_verified_at: when its owner was last proved to read mail there, None for never.
        plan: key of the plan that sets the account's limits.
        role_id: the user's only role.
        company_id: the company that the user belongs to, at most one.
        company_joined_at: since when, None outside of companies.
        avatar: the picture that others see.
        is_suspended: shut out by an operator; nothing of it is deleted.
        deleted_at: set while the account can still be restored.
        revision: raised by what must not happen twice at once.
    """

    id: Annotated[PydanticObjectId, Field(default_factory=PydanticObjectId)]
    email: str
    email_key: str
    name: Title
    name_prefixes: Annotated[
        list[str], Field(default_factory=lambda data: name_prefixes(data.get("name", "")), repr=False)
    ]
    locale: LanguageTag = "en"
    password_hash: Annotated[str | None, Field(repr=False)] = None
    identities: list[Identity] = Field(default_factory=list)
    totp: SecondFactor | None = None
    email_verified_at: datetime | None = None
    plan: str = "free"
    role_id: PydanticObjectId = USER_ROLE_ID
    company_id: PydanticObjectId | None = None
    company_joined_at: datetime | None = None
    avatar: Avatar | None = None
    is_suspended: bool = False
    deleted_at: datetime | None = None
    revision: int = 0
    created_at: datetime
    updated_at: datetime

    class Settings:
        """Collection `users`."""

        name = "users"
        indexes: ClassVar[list[IndexModel]] = [
            IndexModel([("email_key", 1)], name="email_key_unique", unique=True),
            IndexModel([("is_suspended", 1), ("email_key", 1)], name="by_suspension"),
            IndexModel([("company_id", 1), ("email_key", 1)], name="members_by_address"),
            IndexModel(
                [("company_id", 1), ("name", 1), ("_id", 1)],
                name="members_by_name",
                collation=NAME_COLLATION,
                partialFilterExpression=_MEMBERS,
            ),
            IndexModel(
                [("company_id", 1), ("name_prefixes", 1), ("name", 1), ("_id", 1)],
                name="members_search",
                collation=NAME_COLLATION,
                partialFilterExpression=_MEMBERS,
            ),
            IndexModel(
                [("company_id", 1), ("role_id", 1), ("_id", 1)],
                name="members_by_role",
                partialFilterExpression=_MEMBERS,
            ),
            IndexModel(
                [("deleted_at", 1)],
                name="to_erase",
                partialFilterExpression={"deleted_at": {"$type": "date"}},
            ),
            IndexModel([("totp.sealed_secret", 1)], name="by_seal", sparse=True),
            IndexModel(
                [("identities.key", 1)],
                name="identity_unique",
                unique=True,
                partialFilterExpression={"identities.key": {"$type": "string"}},
            ),
        ]

    @property
    def has_second_factor(self) -> bool:
        """Whether signing in takes a second factor."""
        return self.totp is not None and self.totp.confirmed_at is not None

    @classmethod
    async def register(
        cls,
        *,
        email: str,
        email_key: str,
        name: str,
        locale: str,
        password_hash: str | None,
        now: datetime,
        email_verified_at: datetime | None = None,
        session: AsyncClientSession | None = None,
    ) -> "User | None":
        """Store a new account. None if the address has one already, however closely two sign-ups race.

        A transaction in which the answer was None is over: MongoDB has aborted it.
        """
        user = cls(
            email=email,
            email_key=email_key,
            name=name,
            locale=locale,
            password_hash=password_hash,
            email_verified_at=email_verified_at,
            created_at=now,
            updated_at=now,
        )
        try:
            return await user.insert(session=session)
        except DuplicateKeyError:
            return None

    @classmethod
    async def take_turn(cls, user_id: PydanticObjectId, *, session: AsyncClientSession) -> None:
        """Make transactions that concern one user run one after another, so that what they count is right."""
        await cls.get_pymongo_collection().update_one(
            {"_id": user_id}, {"$inc": {"revision": 1}}, session=session
        )

    @classmethod
    async def hold_open(
        cls, user_id: PydanticObjectId, *, password_hash: str | None, session: AsyncClientSession
    ) -> bool:
        """Make sure that an account stays as it was found until the transaction ends.

        It writes the document: a new password or a suspension at the same time sees what is done here.

        Returns:
            False if it has another password by now, is shut out, deleted or gone.
        """
        result = await cls.get_pymongo_collection().update_one(
            {"_id": user_id, "password_hash": password_hash, "is_suspended": False, "deleted_at": None},
            {"$inc": {"revision": 1}},
            session=session,
        )
        return result.matched_count == 1

    @classmethod
    async def remove_avatar(
        cls, user_id: PydanticObjectId, *, now: datetime, session: AsyncClientSession
    ) -> "User | None":
        """Leave the account without a picture. None if it is gone."""
        raw = await cls.get_pymongo_collection().find_one_and_update(
            {"_id": user_id},
            {"$set": {"avatar": None, "updated_at": now}},
            return_document=ReturnDocument.AFTER,
            session=session,
        )
        return None if raw is None else cls.model_validate(raw)

    @classmethod
    async def with_email_key(cls, email_key: str) -> "User | None":
        """The account of an address, suspended or not."""
        return await cls.find_one({"email_key": email_key})

    @classmethod
    async def replace_password_hash(
        cls,
        user_id: PydanticObjectId,
        *,
        known: str | None,
        new: str,
        now: datetime,
        session: AsyncClientSession | None = None,
    ) -> bool:
        """Put a new hash in the place of the known one; False if another change came first."""
        result = await cls.get_pymongo_collection().update_one(
            {"_id": user_id, "password_hash": known},
            {"$set": {"password_hash": new, "updated_at": now}},
            session=session,
        )
        return result.modified_count == 1

    @classmethod
    async def reset_password(
        cls,
        user_id: PydanticObjectId,
        *,
        email_key: str,
        password_hash: str,
        now: datetime,
        session: AsyncClientSession,
    ) -> "User | None":
        """Set a password for whoever proved to read the account's mail, which verifies the address as well.

        None if the account is gone, suspended or has another address by now.
        """
        raw = await cls.get_pymongo_collection().find_one_and_update(
            {"_id": user_id, "email_key": email_key, "is_suspended": False},
            [
                {
                    "$set": {
                        "password_hash": {"$literal": password_hash},
                        "email_verified_at": {"$ifNull": ["$email_verified_at", now]},
                        "updated_at": now,
                    }
                }
            ],
            session=session,
            return_document=ReturnDocument.AFTER,
        )
        return None if raw is None else cls.model_validate(raw)

    @classmethod
    async def verify_email(
        cls, user_id: PydanticObjectId, *, email_key: str, now: datetime, session: AsyncClientSession
    ) -> bool:
        """Note that the owner reads mail here; False if that was known, or the address is another by now."""
        result = await cls.get_pymongo_collection().update_one(
            {"_id": user_id, "email_key": email_key, "email_verified_at": None},
            {"$set": {"email_verified_at": now, "updated_at": now}},
            session=session,
        )
        return result.modified_count == 1

    @classmethod
    async def change_email(
        cls,
        user_id: PydanticObjectId,
        *,
        known_key: str,
        email: str,
        email_key: str,
        now: datetime,
        session: AsyncClientSession,
    ) -> "User | None":
        """Give an account a new, verified address; the account as it was, or None if its address is another.

        Raises:
            DuplicateKeyError: another account has the address; the transaction is over.
        """
        change = {"email": email, "email_key": email_key, "email_verified_at": now, "updated_at": now}
        raw = await cls.get_pymongo_collection().find_one_and_update(
            {"_id": user_id, "email_key": known_key, "is_suspended": False, "deleted_at": None},
            {"$set": change},
            session=session,
        )
        return None if raw is None else cls.model_validate(raw)

    @classmethod
    async def set_profile(
        cls, user_id: PydanticObjectId, values: Mapping[str, str], *, now: datetime
    ) -> "User | None":
        """Set name or locale, checked already. None if the account is gone."""
        change: dict[str, Any] = {**values, "updated_at": now}
        if "name" in values:
            change["name_prefixes"] = name_prefixes(values["name"])
        user = await cls.find_one({"_id": user_id, "deleted_at": None}).update(
            {"$set": change}, response_type=UpdateResponse.NEW_DOCUMENT
        )
        return cast("User | None", user)  # Beanie types this as an update result

    @classmethod
    async def set_platform_role(
        cls,
        user_id: PydanticObjectId,
        role_id: PydanticObjectId,
        *,
        now: datetime,
        session: AsyncClientSession | None = None,
    ) -> "User | None":
        """Give somebody outside of companies a role; None if there is no such person."""
        user = await cls.find_one(
            {"_id": user_id, "company_id": None, "deleted_at": None}, session=session
        ).update(
            {"$set": {"role_id": role_id, "updated_at": now}},
            session=session,
            response_type=UpdateResponse.NEW_DOCUMENT,
        )
        return cast("User | None", user)  # Beanie types this as an update result

    @classmethod
    async def set_suspended(
        cls,
        user_id: PydanticObjectId,
        *,
        is_suspended: bool,
        now: datetime,
        session: AsyncClientSession | None = None,
    ) -> "User | None":
        """Shut the account out or let it in again; works on its open sessions at once. None if it is gone."""
        change: dict[str, Any] = {"is_suspended": is_suspended, "updated_at": now}
        user = await cls.find_one({"_id": user_id}, session=session).update(
            {"$set": change}, session=session, response_type=UpdateResponse.NEW_DOCUMENT
        )
        return cast("User | None", user)  # Beanie types this as an update result
