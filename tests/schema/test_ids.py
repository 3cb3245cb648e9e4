"""Global ids."""

import base64

import pytest
from beanie import PydanticObjectId
from hypothesis import given
from hypothesis import strategies as st

from resolvers.errors import BadUserInput
from schema.ids import AnyRef, TreeRef, any_ref, document_gid, document_id, project_id, tree_gid, tree_ref

OIDS = st.binary(min_size=12, max_size=12).map(lambda raw: PydanticObjectId(raw.hex()))
ONE, TWO = PydanticObjectId("a" * 24), PydanticObjectId("b" * 24)


@given(OIDS, OIDS)
def test_what_is_written_is_read_back(project: PydanticObjectId, node: PydanticObjectId) -> None:
    assert project_id(document_gid("Project", project), "id") == project
    assert document_id(document_gid("User", node), "User", "id") == node
    assert tree_ref(tree_gid("Frame", project, node), "Frame", "id") == TreeRef(project, node)
    assert any_ref(tree_gid("Frame", project, node), "id") == AnyRef("Frame", node, project)
    assert any_ref(document_gid("User", node), "id") == AnyRef("User", node)


def test_id_of_another_type_is_refused_with_both_types() -> None:
    with pytest.raises(BadUserInput, match=r"input\.frameId: .*Scene.*a Frame") as refused:
        tree_ref(tree_gid("Scene", ONE, TWO), "Frame", "input.frameId")
    assert refused.value.field == "input.frameId"
    with pytest.raises(BadUserInput, match="the id of a Project is expected"):
        project_id(tree_gid("Frame", ONE, TWO), "id")
    with pytest.raises(BadUserInput, match="the id of a User is expected"):
        document_id(document_gid("Upload", ONE), "User", "id")
    with pytest.raises(BadUserInput, match="the id of an Upload is expected"):
        document_id(document_gid("User", ONE), "Upload", "id")


@pytest.mark.parametrize(
    "value",
    [
        "",
        "Frame",
        "!!!!",
        "é",
        "\ud800",
        "\x00",
        "a" * 10_000,
        str(ONE),
        base64.b64encode(b"\xff\xfe").decode(),
        base64.b64encode(b"Project:").decode(),
        base64.b64encode(b"Project:$where").decode(),
        base64.b64encode(f"Project:{ONE}\n".encode()).decode(),
        base64.b64encode(f"Project:{str(ONE).upper()}".encode()).decode(),
        base64.b64encode(f"Frame:{ONE}.{TWO}.{ONE}".encode()).decode(),
        base64.b64encode(f"Project:{ONE}".encode()).decode() + "\n",
    ],
)
def test_garbage_is_the_clients_mistake(value: str) -> None:
    for parse in (
        lambda: project_id(value, "id"),
        lambda: tree_ref(value, "Frame", "id"),
        lambda: any_ref(value, "id"),
    ):
        with pytest.raises(BadUserInput, match="id: This is no id"):
            parse()


@given(st.text(), st.binary())
def test_nothing_else_is_ever_raised(text: str, raw: bytes) -> None:
    for value in (text, base64.b64encode(raw).decode()):
        with pytest.raises(BadUserInput):
            tree_ref(value, "Frame", "id")
