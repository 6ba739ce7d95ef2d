"""What everybody promises who knows what Telegram says."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest

from core.identity.domain.telegram import TelegramRefused
from core.identity.telegram import TelegramProof, TelegramUser

BOT_KEY = "a-key-of-the-bot-in-tests"
BOT_TOKEN = "123456789:" + "AbCdEfGhIj" * 3 + "AbCdE"
SAID_AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
WIDGET = {
    "id": "8589934592",
    "first_name": "Анна",
    "last_name": "K & Co=",
    "username": "anna",
    "photo_url": "https://t.me/i/userpic/320/anna.jpg",
    "auth_date": str(int(SAID_AT.timestamp())),
}
MINI_APP = {
    "query_id": "AAHdF6IQAAAAAN0XohDhrOrc",
    "user": '{"id":8589934592,"first_name":"Анна","last_name":"K & Co=","username":"anna","language_code":"ru"}',
    "auth_date": str(int(SAID_AT.timestamp())),
    "signature": "abc-_",
}
ANNA = TelegramUser(8589934592, "Анна K & Co=", "anna")


def _hash(fields: Mapping[str, str], key: bytes) -> str:
    text = "\n".join(f"{name}={value}" for name, value in sorted(fields.items()))
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def widget(token: str = BOT_TOKEN, **changed: str) -> dict[str, str]:
    """What the Login Widget gives, as core.telegram.org/widgets/login says."""
    fields = {**WIDGET, **changed}
    return {**fields, "hash": _hash(fields, hashlib.sha256(token.encode()).digest())}


def mini_app(token: str = BOT_TOKEN, **changed: str) -> str:
    """What a Mini App gets, as core.telegram.org/bots/webapps says."""
    fields = {**MINI_APP, **changed}
    key = hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()
    return urlencode({**fields, "hash": _hash(fields, key)})


class TelegramProofSuite:
    """What Telegram signed lately for our bot passes, and nothing else."""

    @pytest.fixture
    def proof(self) -> TelegramProof:
        """What is under test, with the token, the name ``soty_bot`` and the key of a bot."""
        raise NotImplementedError

    def test_who_signed_in_is_known(self, proof: TelegramProof) -> None:
        assert proof.widget(widget(), SAID_AT) == ANNA
        assert proof.mini_app(mini_app(), SAID_AT) == ANNA

    def test_a_vector_that_others_made(self, proof: TelegramProof) -> None:
        """Computed by OpenSSL from the documented rules."""
        fields = {"auth_date": "1772366400", "first_name": "A", "id": "42"}
        right = "84d390f90aa266b316e6a4e55f73b67c17ce3dc89550aef2a4724ecf505eb5a3"
        assert proof.widget({**fields, "hash": right}, SAID_AT) == TelegramUser(42, "A")

    @pytest.mark.parametrize("seconds", [-31, 301])
    def test_the_widget_is_good_for_five_minutes(self, proof: TelegramProof, seconds: int) -> None:
        assert proof.widget(widget(), SAID_AT + timedelta(minutes=5)) == ANNA
        with pytest.raises(TelegramRefused):
            proof.widget(widget(), SAID_AT + timedelta(seconds=seconds))

    @pytest.mark.parametrize("seconds", [-31, 86_401])
    def test_a_mini_app_is_good_for_a_day(self, proof: TelegramProof, seconds: int) -> None:
        assert proof.mini_app(mini_app(), SAID_AT + timedelta(days=1)) == ANNA
        with pytest.raises(TelegramRefused):
            proof.mini_app(mini_app(), SAID_AT + timedelta(seconds=seconds))

    @pytest.mark.parametrize("name", [*WIDGET, "hash"])
    def test_every_field_of_the_widget_counts(self, proof: TelegramProof, name: str) -> None:
        for wrong in ({**widget(), name: "1"}, {key: value for key, value in widget().items() if key != name}):
            with pytest.raises(TelegramRefused):
                proof.widget(wrong, SAID_AT)

    def test_a_field_more_is_refused(self, proof: TelegramProof) -> None:
        with pytest.raises(TelegramRefused):
            proof.widget({**widget(), "admin": "1"}, SAID_AT)
        with pytest.raises(TelegramRefused):
            proof.mini_app(mini_app() + "&admin=1", SAID_AT)

    @pytest.mark.parametrize("place", range(0, 300, 17))
    def test_every_character_of_a_mini_app_counts(self, proof: TelegramProof, place: int) -> None:
        text = list(mini_app())
        text[place] = "x" if text[place] != "x" else "y"
        with pytest.raises(TelegramRefused):
            proof.mini_app("".join(text), SAID_AT)

    def test_another_bot_signs_for_itself(self, proof: TelegramProof) -> None:
        with pytest.raises(TelegramRefused):
            proof.widget(widget("1:other"), SAID_AT)
        with pytest.raises(TelegramRefused):
            proof.mini_app(mini_app("1:other"), SAID_AT)

    def test_one_kind_is_not_the_other(self, proof: TelegramProof) -> None:
        with pytest.raises(TelegramRefused):
            proof.mini_app(urlencode(widget()), SAID_AT)

    @pytest.mark.parametrize("text", ["", "x", "&&", "a=1&a=2", "\ud800=1", "user=%7B", "=".join("a&" * 5000)])
    def test_nonsense_is_refused(self, proof: TelegramProof, text: str) -> None:
        with pytest.raises(TelegramRefused):
            proof.mini_app(text, SAID_AT)
        with pytest.raises(TelegramRefused):
            proof.widget({"hash": text, "auth_date": text}, SAID_AT)

    @pytest.mark.parametrize("changed", [{"id": "0"}, {"id": "x"}, {"id": "9" * 30}, {"auth_date": "1e9"}])
    def test_signed_nonsense_is_refused(self, proof: TelegramProof, changed: dict[str, str]) -> None:
        with pytest.raises(TelegramRefused):
            proof.widget(widget(**changed), SAID_AT)

    @pytest.mark.parametrize("user", ["", "[]", "{}", '{"id":"1"}', '{"id":-1,"first_name":"A"}', "{"])
    def test_a_signed_user_that_is_none_is_refused(self, proof: TelegramProof, user: str) -> None:
        with pytest.raises(TelegramRefused):
            proof.mini_app(mini_app(user=user), SAID_AT)

    @pytest.mark.parametrize("key", ["", BOT_KEY[:-1], BOT_KEY + "x", BOT_KEY.upper(), "\ud800", "x" * 10_000])
    def test_the_bot_is_known_by_its_key_alone(self, proof: TelegramProof, key: str) -> None:
        assert proof.is_bot(BOT_KEY)
        assert not proof.is_bot(key)

    def test_a_link_opens_the_bot(self, proof: TelegramProof) -> None:
        assert proof.link("a-_9") == "https://t.me/soty_bot?start=a-_9"
