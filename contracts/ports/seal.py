"""What every seal promises."""

import pytest

from core.kernel.seal import BrokenSeal, Seal

TEXTS = ["", "a", "482913", "https://example.org/?token=\N{SNOWMAN}", "x" * 10_000]


class SealSuite:
    """What is sealed opens again, and nothing else does."""

    @pytest.fixture
    def seal(self) -> Seal:
        """The seal under test."""
        raise NotImplementedError

    @pytest.mark.parametrize("text", TEXTS)
    def test_what_was_sealed_opens(self, seal: Seal, text: str) -> None:
        assert seal.open(seal.seal(text)) == text

    def test_what_is_sealed_cannot_be_read(self, seal: Seal) -> None:
        assert "482913" not in seal.seal("the code is 482913")

    def test_the_same_text_is_never_sealed_the_same(self, seal: Seal) -> None:
        assert len({seal.seal("482913") for _ in range(50)}) == 50

    @pytest.mark.parametrize("place", [0, 5, 40, -2])
    def test_what_was_changed_does_not_open(self, seal: Seal, place: int) -> None:
        sealed = list(seal.seal("482913"))
        sealed[place] = "A" if sealed[place] != "A" else "B"
        with pytest.raises(BrokenSeal):
            seal.open("".join(sealed))

    @pytest.mark.parametrize("text", ["", "482913", "\N{SNOWMAN}", "=" * 100])
    def test_what_was_never_sealed_does_not_open(self, seal: Seal, text: str) -> None:
        with pytest.raises(BrokenSeal):
            seal.open(text)
