"""What is done by hand over HTTP is in the trail with where it came from."""

from core.kernel.actor import Origin
from core.kernel.audit import AuditReader
from tests.support.http import PRODUCT, SOURCE, Client


async def test_an_act_is_kept_with_address_agent_and_request(client: Client) -> None:
    client.http.headers["user-agent"] = "trail/1"
    answer = await client.adjust(5)
    assert answer.status_code == 201
    reader = await client.container.get(AuditReader)
    (entry,) = await reader.entries(f"{SOURCE}/{PRODUCT}")
    assert entry.origin == Origin("127.0.0.1", "trail/1", answer.headers["x-request-id"])
    assert entry.impersonator is None
