"""`soty user`: people from the terminal."""

import msgspec

from tests.support.program import Program

PASSWORD = "a walrus plays the tuba"


def test_a_life_at_the_terminal(program: Program) -> None:
    made = program.run("user", "create", "Olga@example.com", "--owner", "--json", text=f"{PASSWORD}\n")
    assert made.returncode == 0, made.stderr
    (owner,) = msgspec.json.decode(made.stdout)
    assert (owner["email"], owner["roles"], owner["verified"]) == ("Olga@example.com", ["owner"], True)
    assert PASSWORD not in made.stdout

    for words, text in (
        (("create", "olga@example.com"), f"{PASSWORD}\n"),
        (("create", "x@example.com"), "short\n"),
        (("create", "x@example.com", "--role", "wizard"), f"{PASSWORD}\n"),
        (("block", "olga@example.com", "--reason", "x"), None),
        (("role", "olga@example.com", "--take", "owner"), None),
        (("show", "nobody@example.com"), None),
    ):
        refused = program.run("user", *words, text=text)
        assert (refused.returncode, refused.stdout) == (1, ""), words
        assert refused.stderr.startswith("error: ")

    assert program.run("user", "create", "ann@example.com", text=f"{PASSWORD}\n").returncode == 0
    steps: tuple[tuple[tuple[str, ...], str], ...] = (
        (("role", "ann@example.com", "--give", "admin"), "admin"),
        (("block", "ann@example.com", "--reason", "spam"), "blocked"),
        (("unblock", "ann@example.com"), "active"),
        (("revoke", "ann@example.com"), "ended 0 sessions"),
        (("sessions", "ann@example.com"), ""),
        (("sessions", "ann@example.com", "--json"), "[]"),
        (("reset-password-link", "ann@example.com"), "/reset-password?token="),
        (("reset-password-link", "ann@example.com", "--json"), '{"link":"http'),
        (("show", "ann@example.com"), "ann@example.com"),
        (("list",), "Olga@example.com"),
    )
    for typed, told in steps:
        done = program.run("user", *typed)
        assert (done.returncode, told in done.stdout) == (0, True), (typed, done.stdout, done.stderr)
    listed = msgspec.json.decode(program.run("user", "list", "an", "--json").stdout)
    assert [person["email"] for person in listed] == ["ann@example.com"]
