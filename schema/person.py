"""People as others see them."""

import strawberry

from resolvers import people
from schema.ids import document_gid


@strawberry.type(description="Somebody with an account, as others see them.")
class Person:
    """Over `resolvers.people.Person`."""

    name: str = strawberry.field(description="At most 200 characters; empty for an account that is gone.")
    email: str | None = strawberry.field(
        description="E-mail address; null save for those who may share what the person is seen in."
    )

    @strawberry.field(graphql_type=strawberry.ID, description="Id of the user, as other types name it.")
    def user_id(self, root: strawberry.Parent[people.Person]) -> str:
        """Global id of the user."""
        return document_gid("User", root.user_id)
