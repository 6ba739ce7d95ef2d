"""Taking along what Soty keeps of oneself."""

import msgspec

from entrypoints.http.answer import ENCODER, Answer, json_headers
from entrypoints.http.identity.examples import MOMENT
from entrypoints.http.operation import MANY_SECONDS, SIGNED_IN, Call, NoQuery, Operation
from entrypoints.shared.personal import EXAMPLE, GatherPersonalData, PersonalData


async def export(gather: GatherPersonalData, call: Call[NoQuery, None]) -> Answer:
    """All of it as a file that people can read."""
    found = await gather(call.actor)
    body = msgspec.json.format(ENCODER.encode(found), indent=2)
    name = f'attachment; filename="soty-{found.made_at:%Y-%m-%d}.json"'
    return Answer(200, body, [*json_headers(), (b"content-disposition", name.encode())])


OPERATIONS = (
    Operation(
        method="GET",
        path="/api/v1/profile/export",
        tag="profile",
        summary="Take along all that is kept of oneself, by module, as a file; no secret is in it",
        acts_on=GatherPersonalData,
        act=export,
        permission=SIGNED_IN,
        answer=PersonalData,
        example=PersonalData(MOMENT, dict(EXAMPLE)),
        errors=("kernel.proof_needed", "identity.account_not_found"),
        seconds=MANY_SECONDS,
    ),
)
