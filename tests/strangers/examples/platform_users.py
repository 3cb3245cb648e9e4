"""What those do who run the platform."""

from access.permissions import Permission
from schema.ids import document_gid
from tests.strangers.example import Example, NodeExample

EXAMPLES = {
    "users": Example(lambda _: {"filter": {"search": "canary"}, "first": 5}),
    "suspendUser": Example(lambda w: {"input": {"userId": w.user_gid("other"), "reason": "Spam"}}),
    "admitUser": Example(lambda w: {"input": {"userId": w.user_gid("suspended")}}),
    "setSpendingLimit": Example(
        lambda w: {"input": {"userId": w.user_gid("other"), "limitMicros": 2_500_000}}
    ),
    "setOperator": Example(lambda w: {"input": {"userId": w.user_gid("other"), "isOperator": True}}),
}

NODES = {
    "PlatformUser": NodeExample(
        lambda w: document_gid("PlatformUser", w.people["owner"].user_id),
        needs=Permission.PLATFORM_USERS_VIEW,
        by="operator",
    )
}
