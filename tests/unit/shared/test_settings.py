"""Settings: order of sources, everything wrong in one report, masks."""

from pathlib import Path

import pytest

from core.kernel.secret import Secret
from entrypoints.shared.fault import Exit, FaultError
from entrypoints.shared.settings import PROFILES, Settings
from entrypoints.shared.settings_fields import fields
from entrypoints.shared.settings_reader import read

PROD = {
    "SOTY_PROFILE": "prod",
    "SOTY_POSTGRES_URL": "postgresql://u:pass-word@db/soty",
    "SOTY_SECRET": "as-openssl-rand-base64-32-prints-it",
    "SOTY_PUBLIC_URL": "https://soty.example.org",
    "SOTY_SMTP_URL": "maildir:",
}


def faults_of(environ: dict[str, str], root: Path = Path("/nonexistent")) -> str:
    with pytest.raises(FaultError) as caught:
        read(environ, root=root)
    assert caught.value.code is Exit.SETTINGS
    return str(caught.value)


def read_from(environ: dict[str, str], **options: str) -> Settings:
    return read(environ, {f"SOTY_{name.upper()}": text for name, text in options.items()}, root=Path("/nonexistent"))


def test_defaults_are_the_dev_profile() -> None:
    settings = read_from({})
    assert settings == Settings()
    assert settings.kafka.topics == ("ru.retail.warehouses",)


def test_everything_wrong_is_in_one_report_with_its_fix() -> None:
    report = faults_of(
        {
            "SOTY_HTTP_PORT": "many",
            "SOTY_LOG_LEVEL": "loud",
            "SOTY_POSTGRES_URL": "postgres//localhost/soty",
            "SOTY_HTPP_PORT": "1",
            "SOTY_API_KEY_FILE": "/nonexistent/key",
            "SOTY_HTTP_HOST": "0.0.0.0",
        }
    )
    assert report.count("error: ") == report.count("fix: ") == report.count("more: ") == 6
    assert "use SOTY_HTTP_PORT, or unset SOTY_HTPP_PORT" in report
    assert "one of debug, info, warning, error" in report
    assert "SOTY_POSTGRES_URL is not a PostgreSQL address" in report
    assert "docs/reference/settings.md#soty_http_port" in report


def test_a_name_like_none_is_refused_without_a_guess() -> None:
    assert "fix:   unset SOTY_ZZZZZZZZ" in faults_of({"SOTY_ZZZZZZZZ": "1"})


def test_option_beats_environment_beats_file_beats_dotenv_beats_profile(tmp_path: Path) -> None:
    (tmp_path / "group").write_text("from-file\n")
    (tmp_path / ".env").write_text("# comment\nexport SOTY_KAFKA_GROUP='dot'\nSOTY_POSTGRES_POOL=7\nOTHER=1\n")
    everything = {"SOTY_KAFKA_GROUP": "env", "SOTY_KAFKA_GROUP_FILE": str(tmp_path / "group")}

    found = [
        read(everything, {"SOTY_KAFKA_GROUP": "option"}, root=tmp_path),
        read(everything, root=tmp_path),
        read({"SOTY_KAFKA_GROUP_FILE": str(tmp_path / "group")}, root=tmp_path),
        read({}, root=tmp_path),
        read({"SOTY_PROFILE": "test"}, root=tmp_path),
    ]

    assert [one.kafka.group for one in found] == ["option", "env", "from-file", "dot", "soty"]
    assert [one.origin("SOTY_KAFKA_GROUP").split()[0] for one in found] == [
        "command",
        "environment",
        "SOTY_KAFKA_GROUP_FILE",
        ".env",
        "default",
    ]
    assert found[3].postgres.pool == 7
    assert found[4].http.port == 0


def test_unknown_names_in_dotenv_are_refused(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("SOTY_KAFKA_GRUOP=x\n")
    assert "use SOTY_KAFKA_GROUP" in faults_of({}, tmp_path)


def test_names_of_the_assignment_are_read_and_ours_win() -> None:
    environ = {
        "APP_PORT": "9000",
        "APP_MODE": "webhook_only",
        "KAFKA_BOOTSTRAP_SERVERS": "a:1,b:2",
        "KAFKA_TOPIC": "x,y",
    }
    settings = read_from(environ)
    assert settings.http.port == 9000
    assert settings.app.app_mode == "webhook_only"
    assert settings.kafka.bootstrap == "a:1,b:2"
    assert settings.kafka.topics == ("x", "y")
    assert read_from({**environ, "SOTY_HTTP_PORT": "9001"}).http.port == 9001


def test_empty_counts_as_unset() -> None:
    assert read_from({"SOTY_API_KEY": "", "SOTY_HTTP_PORT": ""}) == Settings()


def test_prod_wants_a_database_and_a_long_key() -> None:
    report = faults_of({"SOTY_PROFILE": "prod", "SOTY_API_KEY": "short"})
    assert "SOTY_POSTGRES_URL is not set" in report
    assert "SOTY_API_KEY is too short" in report
    assert "short\n" not in report


@pytest.mark.parametrize("name", ["SOTY_SECRET", "SOTY_PUBLIC_URL", "SOTY_SMTP_URL"])
def test_prod_wants_what_it_signs_with_where_it_is_reached_and_who_takes_letters(name: str) -> None:
    report = faults_of({key: text for key, text in PROD.items() if key != name})
    assert f"{name} is not set" in report
    assert report.count("error: ") == 1
    assert f"export {name}=" in report


@pytest.mark.parametrize("name", ["SOTY_SECRET", "SOTY_SECRET_PREVIOUS"])
def test_a_secret_has_32_bytes(name: str) -> None:
    report = faults_of({**PROD, name: "s" * 31})
    assert f"{name} is too short: 31 bytes" in report
    assert "openssl rand -base64 32" in report
    assert "sss" not in report
    assert read_from({**PROD, name: "\N{SNOWMAN}" * 11}).app.profile == "prod"


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.org",
        "http://mail.example.org",
        "smtp://",
        "smtp://a/b",
        "smtp://a:port",
        "smtp://a?starttls=maybe",
        "smtp://soty:t0psecret@a?starttls=off",
        "maildir:/tmp",
    ],
)
def test_what_is_no_gateway_is_not_taken_and_not_shown(url: str) -> None:
    report = faults_of({"SOTY_SMTP_URL": url, "SOTY_MAIL_FROM": "soty@example.org"})
    assert "SOTY_SMTP_URL cannot be read" in report
    assert "t0psecret" not in report


@pytest.mark.parametrize("sender", ["soty", "Soty <>", "a@b, c@d", "Soty <a@b> x", "a@b\nBcc: c@d"])
def test_letters_are_from_one_address(sender: str) -> None:
    assert "SOTY_MAIL_FROM cannot be read" in faults_of({"SOTY_MAIL_FROM": sender})


def test_a_gateway_wants_to_know_who_letters_are_from() -> None:
    assert "SOTY_MAIL_FROM is not set" in faults_of({"SOTY_SMTP_URL": "smtp://mail.example.org"})


@pytest.mark.parametrize(
    "url, told",
    [
        ("smtp://mail.example.org", ("mail.example.org", 587, None, None, "starttls")),
        ("smtp://127.0.0.1:25?starttls=off", ("127.0.0.1", 25, None, None, "none")),
        ("smtps://soty:p%40ss%2Fword@[::1]", ("::1", 465, "soty", Secret("p@ss/word"), "tls")),
    ],
)
def test_a_gateway_is_read_with_what_it_says_of_tls(url: str, told: tuple[object, ...]) -> None:
    found = read_from({"SOTY_SMTP_URL": url, "SOTY_MAIL_FROM": "Soty <soty@example.org>"}).mail.gateway()
    assert found is not None
    assert (found.host, found.port, found.username, found.password, found.security) == told


@pytest.mark.parametrize(
    "url", ["soty.example", "https://a/b", "https://a/", "ftp://a", "https://u:p@a", "https://a b"]
)
def test_a_public_address_is_an_origin(url: str) -> None:
    assert "SOTY_PUBLIC_URL is wrong" in faults_of({"SOTY_PUBLIC_URL": url})


@pytest.mark.parametrize("name, text", [("SOTY_PASSWORD_MEMORY", "19455"), ("SOTY_PASSWORD_PASSES", "1")])
def test_prod_hashes_passwords_slowly(name: str, text: str) -> None:
    assert f"{name} is too little for the prod profile: {text}" in faults_of({**PROD, name: text})
    assert read_from({name: text}).app.profile == "dev"


def test_trusted_proxies_are_networks() -> None:
    found = read_from({"SOTY_HTTP_TRUSTED_PROXIES": "127.0.0.1, 192.0.2.0/24,2001:db8::/32"})
    assert found.http.trusted_proxies == ("127.0.0.1", "192.0.2.0/24", "2001:db8::/32")
    for text in ("192.0.2.1/24", "everybody", "192.0.2.0/24,", "*"):
        assert "SOTY_HTTP_TRUSTED_PROXIES has what is no network" in faults_of({"SOTY_HTTP_TRUSTED_PROXIES": text})


def test_the_public_address_is_the_one_that_is_listened_on() -> None:
    assert read_from({}).public_url == "http://127.0.0.1:8000"
    assert read_from({"SOTY_HTTP_HOST": "::1"}).public_url == "http://[::1]:8000"
    assert read_from(PROD).public_url == "https://soty.example.org"


def test_prod_without_brokers_takes_webhooks_only() -> None:
    assert read_from(PROD).app.app_mode == "webhook_only"
    assert read_from({**PROD, "SOTY_KAFKA_BOOTSTRAP": "k:9092"}).app.app_mode == "kafka"
    assert "SOTY_KAFKA_BOOTSTRAP is not set" in faults_of({**PROD, "SOTY_APP_MODE": "kafka"})


def test_never_embedded_wants_addresses() -> None:
    report = faults_of({"SOTY_EMBEDDED": "never"})
    assert "SOTY_POSTGRES_URL is not set" in report
    assert "SOTY_KAFKA_BOOTSTRAP is not set" in report


def test_the_memory_profile_has_no_consumer() -> None:
    assert read_from({"SOTY_PROFILE": "memory"}).app.app_mode == "webhook_only"
    assert "memory profile" in faults_of({"SOTY_PROFILE": "memory", "SOTY_APP_MODE": "kafka"})


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.com"])
def test_dev_listens_on_loopback_only(host: str) -> None:
    assert "not a loopback address" in faults_of({"SOTY_HTTP_HOST": host})
    assert read({"SOTY_HTTP_HOST": host}, root=Path("/nonexistent"), i_know=True).http.host == host


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_dev_takes_every_loopback_name(host: str) -> None:
    assert read_from({"SOTY_HTTP_HOST": host}).http.host == host


@pytest.mark.parametrize(
    "url", ["postgresql://", "mysql://h/d", "postgresql://h:port/d", "postgresql://h:99999/d", "x"]
)
def test_addresses_that_are_none_are_refused(url: str) -> None:
    assert "SOTY_POSTGRES_URL is not a PostgreSQL address" in faults_of({"SOTY_POSTGRES_URL": url})


def test_secrets_do_not_show() -> None:
    settings = read_from({**PROD, "SOTY_API_KEY": "k" * 20})
    assert "pass-word" not in repr(settings)
    assert "k" * 20 not in repr(settings)
    assert settings.postgres.url == Secret(PROD["SOTY_POSTGRES_URL"])


def test_every_profile_names_settings_that_exist() -> None:
    known = {field.name for field in fields()}
    assert {name for texts in PROFILES.values() for name in texts} <= known
    assert all(field.description for field in fields())


def test_a_secret_of_senders_must_be_readable() -> None:
    report = faults_of({"SOTY_WEBHOOK_SECRETS": "whsec_c2hvcnQ="})
    assert "SOTY_WEBHOOK_SECRETS has a secret that cannot be read" in report
    assert "c2hvcnQ" not in report


def test_files_are_kept_in_a_bucket_or_a_directory() -> None:
    assert "SOTY_FILES_URL cannot be read" in faults_of({"SOTY_FILES_URL": "https://example.org/files"})


def test_the_key_of_the_bot_is_long_everywhere() -> None:
    assert "SOTY_BOT_API_KEY is too short" in faults_of({"SOTY_PROFILE": "memory", "SOTY_BOT_API_KEY": "k" * 31})
    assert read_from({"SOTY_BOT_API_KEY": "k" * 32}).security.bot_api_key == Secret("k" * 32)


def test_staff_needs_a_second_factor_in_prod() -> None:
    assert read_from({}).identity.staff_mfa == "suggested"
    assert read_from(PROD).identity.staff_mfa == "required"
