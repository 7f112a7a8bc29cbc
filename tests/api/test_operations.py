"""``/backups`` and ``/storage``: what an operator sees and does over the API."""

from pathlib import Path

from starlette.testclient import TestClient

from core import access


def test_a_backup_is_made_listed_and_read_to_its_end(client: TestClient, home: Path) -> None:
    before = client.get("/api/v1/backups").json()
    assert (before["data"], before["same_disk"], before["encrypted"]) == ([], True, False)
    made = client.post("/api/v1/backups").json()
    assert [one["name"] for one in client.get("/api/v1/backups").json()["data"]] == [made["name"]]
    whole = client.post(f"/api/v1/backups/{made['name']}/verify").json()
    assert whole["tables"]["people"] == 1
    (home / "backups" / made["name"]).write_bytes(b"spoilt")
    told = client.post(f"/api/v1/backups/{made['name']}/verify")
    assert (told.status_code, told.json()["code"]) == (422, "damaged")


def test_only_names_of_archives_are_taken(client: TestClient) -> None:
    for name in ("..%2F..%2Fetc%2Fpasswd", "ciclo.db", "x" * 4000):
        assert client.post(f"/api/v1/backups/{name}/verify").status_code in (404, 422)
    there_is_none = "ciclo-20260101T000000Z.tar.gz"
    assert client.post(f"/api/v1/backups/{there_is_none}/verify").status_code == 404


def test_storage_tells_what_takes_the_room(client: TestClient, home: Path) -> None:
    (home / "documents").mkdir(exist_ok=True)
    (home / "documents" / "one").write_bytes(b"x" * 1000)
    told = client.get("/api/v1/storage").json()
    assert told["home"] == str(home)
    assert told["parts"]["documents"] >= 1000
    assert told["parts"]["database"] > 0
    assert told["state"] in ("good", "note", "bad")


def test_whoever_may_not_operate_is_refused(client: TestClient) -> None:
    access.set_roles(access.person("Ana").id, ["analyst"])
    as_ana = {"X-Ciclo-Person": "Ana"}
    answers = [client.get(f"/api/v1/{name}", headers=as_ana) for name in ("backups", "storage")]
    answers.append(client.post("/api/v1/backups", headers=as_ana))
    assert [one.status_code for one in answers] == [403, 403, 403]
