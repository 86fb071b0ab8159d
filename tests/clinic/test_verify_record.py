"""`manage.py verify_record` names events that were altered, removed, inserted or moved."""

import random

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from clinic import audit
from clinic.audit import macs, verification
from clinic.locks import triggers
from clinic.models import AuditEvent

LENGTH = 300
# How many events are tampered with at once.
TAMPERED = 50
MIDDLE = 5
WORDS = ("code", "reason", "actor_name", "object_ref", "patient_ref", "request_id", "address")


def chained(user, length: int) -> list[AuditEvent]:
    """Events that cover no rows: those of the fixtures were taken down before."""
    with transaction.atomic():
        audit.file_written()
        return audit.record_many(
            [
                audit.AuditEntry(
                    "patient.changed", user, user, changes={"n": [n, n + 1]}, reason=f"reason {n}"
                )
                for n in range(length)
            ]
        )


def write(statement: str, *values) -> None:
    """Alters events as somebody with a database shell would."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def alter(seq: int, column: str, value) -> None:
    write(f"UPDATE clinic_auditevent SET {column} = %s WHERE seq = %s", value, seq)


def remove(seq: int) -> None:
    write("DELETE FROM clinic_auditevent WHERE seq = %s", seq)


def move(seq: int, to: int) -> None:
    write("UPDATE clinic_auditevent SET seq = %s WHERE seq = %s", to, seq)


def exchange(one: int, other: int) -> None:
    move(one, -1)
    move(other, one)
    move(-1, other)


def insert(seq: int, key: str = "guessed", previous: str = "") -> None:
    """The best possible forgery without the key."""
    before = AuditEvent.objects.order_by("seq").first()
    forged = AuditEvent(
        seq=seq,
        at=before.at,
        code="patient.opened",
        patient_ref="7K4M9",
        previous=previous or f"{abs(seq):064x}".replace("0", "e"),
        key_id=before.key_id,
    )
    forged.mac = macs.event_mac(tuple(getattr(forged, name) for name in macs.COVERED_COLUMNS), key)
    AuditEvent.objects.bulk_create([forged])


def output_of(capsys, *arguments) -> str:
    call_command("verify_record", *arguments)
    return capsys.readouterr().out


def refused(capsys, *arguments) -> str:
    """The message of the CommandError, with which the command exits with 1."""
    with pytest.raises(CommandError) as error:
        call_command("verify_record", "--show", "1000", *arguments)
    return capsys.readouterr().err + str(error.value)


def faults() -> list[tuple[int, str]]:
    return [(fault.seq, fault.kind) for fault in verification.chain_faults()]


def test_a_whole_record_says_so_with_its_counts(capsys, reception):
    chained(reception, 40)

    output = output_of(capsys)

    assert f"Audit chain: {AuditEvent.objects.count()} events, as written." in output
    assert "rows, as written." in output
    assert "Seals: 0 notes, as written." in output
    assert "triggers, as written." in output
    assert output.endswith("The record is as it was written.\n")


@pytest.mark.usefixtures("unlocked")
def test_one_altered_event_is_named_and_the_run_fails(capsys, reception):
    events = chained(reception, 10)
    alter(events[MIDDLE].seq, "reason", "another")

    output = refused(capsys)

    assert f"event {events[MIDDLE].seq} was altered" in output
    assert f"First: event {events[MIDDLE].seq} " in output


CASES = {
    "altered words": (lambda s: alter(s, "reason", "x"), lambda s: [(s, "altered")]),
    "altered values": (lambda s: alter(s, "changes", '{"n": [1, 9]}'), lambda s: [(s, "altered")]),
    "altered time": (lambda s: alter(s, "at", "2020-01-01 00:00:00+00:00"), lambda s: [(s, "altered")]),
    "altered person": (lambda s: alter(s, "actor_id", None), lambda s: [(s, "altered")]),
    "altered mac": (lambda s: alter(s, "mac", "f" * 64), lambda s: [(s, "altered")]),
    "altered link": (lambda s: alter(s, "previous", "f" * 64), lambda s: [(s, "altered")]),
    "another key's name": (lambda s: alter(s, "key_id", "abcdef12"), lambda s: [(s, "unknown-key")]),
    "removed": (remove, lambda s: [(s, "missing")]),
    "exchanged": (lambda s: exchange(s, s + 4), lambda s: [(s, "reordered"), (s + 4, "reordered")]),
    "exchanged with the next": (
        lambda s: exchange(s, s + 1),
        lambda s: [(s, "reordered"), (s + 1, "reordered")],
    ),
    "replaced": (lambda s: (remove(s), insert(s)), lambda s: [(s, "inserted")]),
    "inserted before the first": (lambda s: insert(-5), lambda s: [(-5, "inserted")]),
}


@pytest.mark.usefixtures("unlocked")
@pytest.mark.parametrize("case", CASES)
def test_each_way_to_tamper_is_called_by_its_name(reception, case):
    seq = chained(reception, 12)[MIDDLE].seq
    do, expected = CASES[case]

    do(seq)

    assert faults() == expected(seq)


@pytest.mark.usefixtures("unlocked")
def test_an_event_pushed_in_between_is_named_and_so_are_those_it_pushed(reception):
    events = chained(reception, 8)
    for event in reversed(events[MIDDLE:]):
        move(event.seq, event.seq + 1)
    insert(events[MIDDLE].seq)

    first, *others = faults()

    assert first == (events[MIDDLE].seq, "inserted")
    assert {kind for _, kind in others} == {"reordered"}
    assert len(others) == len(events) - MIDDLE


@pytest.mark.usefixtures("unlocked")
def test_a_removed_event_whose_gap_was_closed_is_found(reception):
    events = chained(reception, 8)
    remove(events[MIDDLE].seq)
    for event in events[MIDDLE + 1 :]:
        move(event.seq, event.seq - 1)

    assert faults()[0] == (events[MIDDLE].seq, "reordered")


@pytest.mark.usefixtures("unlocked")
def test_an_event_added_at_the_end_without_the_key_is_found(reception):
    last = chained(reception, 3)[-1].seq
    insert(last + 1)

    assert faults() == [(last + 1, "altered")]


@pytest.mark.usefixtures("unlocked")
def test_a_fork_is_found_even_under_the_key(reception, settings):
    """Two events name the same one before them."""
    events = chained(reception, 4)
    insert(events[-1].seq + 1, key=settings.AUDIT_KEY, previous=events[1].mac)

    assert faults() == [(events[-1].seq + 1, "unlinked")]


def test_two_events_of_one_number_are_refused(reception, settings):
    events = chained(reception, 2)

    with pytest.raises(IntegrityError), transaction.atomic():
        insert(events[-1].seq, key=settings.AUDIT_KEY, previous=events[0].mac)


def tampered(dice: random.Random, events: list[AuditEvent], times: int) -> set[int]:
    """Tampers with that many events in random ways; returns the sequence numbers that are now wrong."""
    places = dice.sample(range(1, len(events) - 2, 3), times)
    wrong = set()
    for place in places:
        seq = events[place].seq
        way = dice.choice(["alter", "remove", "insert", "exchange"])
        if way == "alter":
            alter(seq, dice.choice(WORDS), f"tampered {seq}"[:20])
        elif way == "remove":
            remove(seq)
        elif way == "insert":
            remove(seq)
            insert(seq)
        else:
            exchange(seq, seq + 1)
            wrong.add(seq + 1)
        wrong.add(seq)
    return wrong


@pytest.mark.usefixtures("unlocked")
@pytest.mark.parametrize("seed", range(3))
def test_fifty_tampered_events_are_all_named(capsys, reception, seed):
    events = chained(reception, LENGTH)
    wrong = tampered(random.Random(seed), events, TAMPERED)
    triggers.install(connection)

    output = refused(capsys)

    assert {seq for seq in wrong if f"event {seq} " in output} == wrong == {seq for seq, _ in faults()}
    assert f"First: event {min(wrong)} " in output
    assert f"{len(wrong)} found in all" in output


@pytest.mark.usefixtures("unlocked")
@pytest.mark.parametrize("seed", range(TAMPERED))
def test_each_of_fifty_tamperings_alone_is_found(reception, seed):
    events = chained(reception, 20)
    with transaction.atomic():
        wrong = tampered(random.Random(seed), events, 1)

        assert {seq for seq, _ in faults()} == wrong


def test_the_chain_is_read_in_pieces(reception, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(verification, "CHUNK", 10)
    chained(reception, 35)
    length, output = AuditEvent.objects.count(), []

    with django_assert_num_queries(-(-length // 10) + 1):
        assert list(verification.chain_faults(output.append)) == []

    assert output == [*range(10, length, 10), length]


@pytest.mark.usefixtures("unlocked")
def test_a_cut_tail_is_found_by_the_anchor_alone(capsys, reception):
    events = chained(reception, 20)
    anchor = output_of(capsys, "--anchor").strip()
    chained(reception, 5)
    for event in AuditEvent.objects.filter(seq__gte=events[15].seq):
        remove(event.seq)
    triggers.install(connection)

    assert "as it was written" in output_of(capsys)
    output = refused(capsys, "--since", anchor)
    assert f"event {events[-1].seq} is not there" in output
    assert f"the chain ends at event {events[14].seq}" in output


@pytest.mark.usefixtures("unlocked")
def test_an_end_that_was_written_anew_is_found_by_the_anchor(capsys, reception):
    events = chained(reception, 20)
    anchor = output_of(capsys, "--anchor").strip()
    for event in events[15:]:
        remove(event.seq)
    chained(reception, 30)
    triggers.install(connection)

    assert "as it was written" in output_of(capsys)
    assert f"event {events[-1].seq} is not the one that the anchor saw" in refused(capsys, "--since", anchor)


def test_an_anchor_is_keyed_and_survives_a_change_of_the_key(capsys, reception, settings):
    chained(reception, 3)
    anchor = output_of(capsys, "--anchor").strip()
    former = settings.AUDIT_KEY

    settings.AUDIT_KEY, settings.AUDIT_FORMER_KEYS = "z" * 40, [former]
    assert "as it was written" in output_of(capsys, "--since", anchor)

    seq = AuditEvent.objects.count()
    forged = anchor.replace(f":1:{seq}:", f":1:{seq - 1}:")
    assert forged != anchor
    assert "none of the keys given has made it" in refused(capsys, "--since", forged)
    assert "is not an anchor" in refused(capsys, "--since", "nonsense")

    settings.AUDIT_FORMER_KEYS = []
    assert "not among the keys given" in refused(capsys, "--since", anchor)


def test_an_empty_chain_has_an_anchor_too(capsys, db):
    anchor = output_of(capsys, "--anchor").strip()

    assert "as it was written" in output_of(capsys, "--since", anchor)


def test_a_new_key_is_the_first_thing_said_under_it(capsys, reception, settings):
    chained(reception, 2)
    former = settings.AUDIT_KEY
    settings.AUDIT_KEY, settings.AUDIT_FORMER_KEYS = "z" * 40, [former]

    with transaction.atomic():
        written = audit.record("patient.changed", reception, by=reception)
    chained(reception, 2)

    codes = list(AuditEvent.objects.order_by("seq").values_list("code", flat=True))
    assert codes.count("audit.key_rotated") == 1
    assert codes[-4] == "audit.key_rotated"
    assert written.code == "patient.changed"
    rotated = AuditEvent.objects.get(code="audit.key_rotated")
    assert rotated.changes == {"key": [macs.key_id(former), macs.key_id("z" * 40)]}
    assert rotated.actor is None
    assert "as it was written" in output_of(capsys)


def test_events_under_a_key_that_was_not_given_are_called_so(capsys, reception, settings):
    chained(reception, 2)
    former, length = settings.AUDIT_KEY, AuditEvent.objects.count()
    settings.AUDIT_KEY, settings.AUDIT_FORMER_KEYS = "z" * 40, []
    chained(reception, 1)

    output = refused(capsys)

    assert f"event 1 is under the key {macs.key_id(former)}" in output
    assert "under a key that is not among the keys given" in output
    assert faults() == [(seq, "unknown-key") for seq in range(1, length + 1)]


@pytest.mark.usefixtures("unlocked")
def test_locks_that_were_taken_off_are_named(capsys, db):
    output = refused(capsys)

    assert "lock filiform_lock_clinic_auditevent_update is missing" in output


def test_a_lock_that_only_has_its_name_left_is_named(capsys, db):
    name = "filiform_lock_clinic_auditevent_delete"
    if connection.vendor == "postgresql":
        write("ALTER TABLE clinic_auditevent DISABLE TRIGGER filiform_lock_clinic_auditevent_delete")
    else:
        write(f"DROP TRIGGER {name}")
        write(f"CREATE TRIGGER {name} BEFORE DELETE ON clinic_auditevent WHEN FALSE BEGIN SELECT 1; END")

    assert f"lock {name} was altered" in refused(capsys)


EVENT_LOCK = "filiform_lock_clinic_auditevent"
WEAKENED = {
    "emptied": f"CREATE OR REPLACE FUNCTION {EVENT_LOCK}() RETURNS trigger LANGUAGE plpgsql "
    "SET search_path = pg_catalog, pg_temp AS $lock$ BEGIN RETURN NEW; END $lock$",
    "without its search path": f"ALTER FUNCTION {EVENT_LOCK}() RESET search_path",
    "with another search path": f"ALTER FUNCTION {EVENT_LOCK}() SET search_path = pg_temp, public",
    "with a setting more": f"ALTER FUNCTION {EVENT_LOCK}() SET session_replication_role = replica",
    "as somebody else": f"ALTER FUNCTION {EVENT_LOCK}() SECURITY DEFINER",
    "that sees an older state": f"ALTER FUNCTION {EVENT_LOCK}() STABLE",
}


@pytest.mark.postgres
@pytest.mark.parametrize("way", WEAKENED)
def test_a_lock_whose_function_does_something_else_is_named(way, capsys, db):
    write(WEAKENED[way])

    assert f"lock {EVENT_LOCK} was altered" in refused(capsys)
    assert f"{EVENT_LOCK}_delete" in triggers.missing(connection)


FIRES_FOR_LESS = {
    "for one column": "BEFORE UPDATE OF address ON clinic_auditevent FOR EACH ROW",
    "under a condition": "BEFORE UPDATE ON clinic_auditevent FOR EACH ROW WHEN (OLD.seq < 0)",
}


@pytest.mark.postgres
@pytest.mark.parametrize("way", FIRES_FOR_LESS)
def test_a_lock_that_fires_for_less_is_named(way, capsys, db):
    name = f"{EVENT_LOCK}_update"
    write(f"DROP TRIGGER {name} ON clinic_auditevent")
    write(f"CREATE TRIGGER {name} {FIRES_FOR_LESS[way]} EXECUTE FUNCTION {EVENT_LOCK}()")

    assert f"lock {name} was altered" in refused(capsys)
    assert triggers.missing(connection) == [name]


@pytest.mark.postgres
def test_a_lock_that_calls_a_function_of_another_schema_is_named(capsys, db):
    write("CREATE SCHEMA evil")
    write(f"ALTER FUNCTION {EVENT_LOCK}() SET SCHEMA evil")

    assert f"lock {EVENT_LOCK}_update was altered" in refused(capsys)
    assert f"{EVENT_LOCK}_update" in triggers.missing(connection)


def test_its_scope_names_what_it_does_not_check(capsys, db):
    output = output_of(capsys, "--scope")

    assert "table clinic_formkey: " in output
    assert "column clinic_user.last_login: " in output
    assert "cut off" in output


def test_a_run_without_an_anchor_says_what_it_cannot_see(capsys, reception):
    chained(reception, 2)
    anchor = output_of(capsys, "--anchor").strip()

    assert "Not seen without --since" in output_of(capsys)
    assert "Not seen without --since" not in output_of(capsys, "--since", anchor)


def test_the_head_names_nothing_of_what_happened(capsys, reception):
    chained(reception, 3)

    assert "reason" not in output_of(capsys, "--anchor")
    assert output_of(capsys, "--anchor").count("\n") == 1
