"""Settings of faults on purpose."""

from typing import Annotated

from msgspec import Meta, Struct

POINTS = (
    "work.open",
    "work.commit.before",
    "work.commit.after",
    "source.next.before",
    "source.next.after",
    "source.done",
    "source.done.before",
    "source.done.after",
    "publisher.publish.before",
    "publisher.publish.after",
    "lanes.claim.before",
    "lanes.claim.after",
    "lanes.next.before",
    "lanes.next.after",
    "lanes.finish.before",
    "lanes.finish.after",
    "lanes.fail.before",
    "lanes.fail.after",
    "lanes.release.before",
    "lanes.release.after",
    "subscriber.take.before",
    "subscriber.take.after",
    "cache.get.before",
    "cache.get.after",
    "cache.load.before",
    "cache.load.after",
    "cache.forget.before",
    "cache.forget.after",
)
_ONE = rf"({'|'.join(point.replace('.', '[.]') for point in POINTS)})(@[1-9]\d{{0,8}})?:[a-z]+(:\d{{1,5}}([.]\d+)?)?"


class FaultsSettings(Struct, frozen=True, kw_only=True):
    """What goes wrong on purpose."""

    failpoint: Annotated[
        str,
        Meta(
            pattern=rf"^({_ONE}(,{_ONE})*)?$",
            description="Faults on purpose, in the test profile only: point:act, separated by commas.",
            examples=["work.commit.after@3:exit"],
        ),
    ] = ""
