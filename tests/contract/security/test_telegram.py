"""The security adapter keeps the promises about what Telegram says."""

import pytest

from adapters.security.telegram import BotTokenProof
from contracts.ports.telegram_proof import BOT_KEY, BOT_TOKEN, SAID_AT, TelegramProofSuite, mini_app, widget
from core.identity.domain.telegram import TelegramUnset
from core.identity.telegram import TelegramProof
from core.kernel.secret import Secret


class TestBotTokenProof(TelegramProofSuite):
    """By the token of the bot."""

    @pytest.fixture
    def proof(self) -> TelegramProof:
        return BotTokenProof(Secret(BOT_TOKEN), "soty_bot", Secret(BOT_KEY))


def test_without_a_bot_nobody_is_known() -> None:
    proof = BotTokenProof(None, None, None)
    with pytest.raises(TelegramUnset):
        proof.widget(widget(), SAID_AT)
    with pytest.raises(TelegramUnset):
        proof.mini_app(mini_app(), SAID_AT)
    with pytest.raises(TelegramUnset):
        proof.link("token")
    with pytest.raises(TelegramUnset):
        proof.is_bot("")
