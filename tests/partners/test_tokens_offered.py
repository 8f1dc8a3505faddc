"""Tokens of machines: what the forms offer is taken, and their accounts are not among the people."""

from uuid import uuid4

from hub.accounts.models import User
from hub.interface.rules import Scope
from partners.agencies.models import Agency
from partners.machines.models import MachineToken
from tests.cast import Cast, ClientFor
from tests.machines import machine_like
from tests.partners.test_machines import administrator, token


def test_only_what_will_be_taken_is_offered(cast: Cast, sid: User, client_for: ClientFor) -> None:
    own = (
        client_for(administrator(cast, "lena", "northlight")).get("/machines/new/").content.decode()
    )
    assert "Read children" in own  # her charity's one role that opens an address
    assert "Appendix 1 report" not in own
    browser, board = client_for(sid), Agency.objects.get(partnership=cast.bradford, code="board")
    choice = browser.get("/machines/new/").content.decode()
    assert "Board member, Safeguarding Board" in choice
    assert "system_administrator" not in choice  # it opens no address
    assert "suspect_manager" not in choice  # nobody holds it
    place = f"{board.pk} board_member"
    sheet = browser.get("/machines/new/", {"place": place}).content.decode()
    assert "Appendix 1 report" in sheet
    assert "Read children" not in sheet
    sent = {
        "once": str(uuid4()), "place": place, "name": "Figures", "scopes": ["children:read"],
        "expires_on": "+30",
    }  # fmt: skip
    for wrong in ({}, {"place": f"{board.pk} hub_manager"}):
        answer = browser.post("/machines/new/", sent | wrong)
        assert answer.status_code == 422
    assert MachineToken.objects.count() == 0
    assert browser.post("/machines/new/", sent | {"scopes": ["report:read"]}).status_code == 200


def test_a_service_account_is_not_among_the_people(
    cast: Cast, amira: User, sid: User, client_for: ClientFor
) -> None:
    machine_like(amira, Scope.CHILDREN_READ)
    desk, account = client_for(sid), token().post.user
    assert account.username not in desk.get("/people/").content.decode()
    assert desk.get(f"/people/{account.pk}/").status_code == 404
    assert desk.get(f"/people/{account.pk}/anew/").status_code == 404
