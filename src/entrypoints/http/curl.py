"""Lines to copy: each operation as a call of curl."""

import re

import msgspec

from entrypoints.http.operation import Operation

ADDRESS = "http://127.0.0.1:8000"
IDS = {
    "movement_id": "c6290746-790e-43fa-8270-014dc90e02e0",
    "warehouse_id": "25718666-6af6-4281-b5a6-3016e36fa557",
    "product_id": "4705204f-498f-4f96-b4ba-df17fb56bf55",
}
ANY_ID = "01951930-0000-7000-8000-000000000001"


def example_path(operation: Operation) -> str:
    """The path of an operation with identifiers in their places."""
    return re.sub(r"{(\w+)}", lambda name: IDS.get(name[1], ANY_ID), operation.path)


def _variable(permission: str) -> str:
    """What is about people takes the token, or API key, of a person; the service key opens all else."""
    is_of_people = "." not in permission or permission.startswith("identity.")
    return "SOTY_TOKEN" if is_of_people else "SOTY_API_KEY"


def curl(operation: Operation) -> str:
    """The example of an operation as one command line for a POSIX shell."""
    words = ["curl -sS", f"{ADDRESS}{example_path(operation)}"]
    if operation.permission is not None:
        words.append(f'-H "Authorization: Bearer ${_variable(operation.permission)}"')
    if operation.takes != "application/json":
        words += [f"-H 'Content-Type: {operation.takes}'", "--data-binary @file"]
    elif operation.body is not None:
        body = msgspec.json.encode(operation.body_example).decode()
        words += ["-H 'Content-Type: application/json'", f"-d '{body}'"]
    elif operation.method != "GET":
        words.append(f"-X {operation.method}")
    return " ".join(words)
