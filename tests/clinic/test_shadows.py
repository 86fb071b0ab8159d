"""What a role that owns nothing puts before the tables, functions and operators of PostgreSQL's locks."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from clinic.locks import triggers
from tests import database_roles, factories
from treatments.models import NeedleSite, NeedlingSession

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
SESSIONS, TEXTS = "treatments_needlingsession", "patients_consenttext"
FREE_PARENT = f"(LIKE public.{SESSIONS} INCLUDING DEFAULTS)"
NOT_SIGNED = f"SELECT id, NULL::timestamptz AS signed_at, NULL::timestamptz AS voided_at, \
NULL::timestamptz AS closed_unsigned_at FROM public.{SESSIONS}"
NEVER = "RETURNS boolean LANGUAGE sql AS 'SELECT FALSE'"
# What shadows the locks that read a parent table.
OVER_PARENTS = {
    "a temporary table": [f"CREATE TEMP TABLE {SESSIONS} {FREE_PARENT}"],
    "a temporary table, named first": [
        f"CREATE TEMP TABLE {SESSIONS} {FREE_PARENT}",
        "SET LOCAL search_path = pg_temp, public",
    ],
    "a temporary table with the row unsigned": [f"CREATE TEMP TABLE {SESSIONS} AS {NOT_SIGNED}"],
    "a temporary view": [f"CREATE TEMP VIEW {SESSIONS} AS {NOT_SIGNED}"],
    "a temporary table like the inserted rows": [
        f"CREATE TEMP TABLE {triggers.NEW_ROWS} (LIKE public.treatments_needlesite)"
    ],
    "another schema first": [
        f"CREATE TABLE evil.{SESSIONS} {FREE_PARENT}",
        "SET LOCAL search_path = evil, public",
    ],
    "another schema alone": [
        f"CREATE TABLE evil.{SESSIONS} {FREE_PARENT}",
        "SET LOCAL search_path = evil",
    ],
    "an operator before the built-in": [
        f"CREATE FUNCTION evil.never(bigint, bigint) {NEVER}",
        "CREATE OPERATOR evil.= (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = evil.never)",
        "SET LOCAL search_path = evil, pg_catalog, public",
    ],
    "an aggregate before the built-in": [
        f"CREATE FUNCTION evil.never(boolean, boolean) {NEVER}",
        "CREATE AGGREGATE evil.bool_or(boolean) (SFUNC = evil.never, STYPE = boolean, INITCOND = 'false')",
        "SET LOCAL search_path = evil, pg_catalog, public",
    ],
    "a type with a cast and an operator": [
        "CREATE TYPE evil.key AS (number bigint)",
        "CREATE FUNCTION evil.key_of(bigint) RETURNS evil.key LANGUAGE sql AS 'SELECT ROW($1)::evil.key'",
        "CREATE CAST (bigint AS evil.key) WITH FUNCTION evil.key_of(bigint) AS IMPLICIT",
        f"CREATE FUNCTION evil.never(evil.key, evil.key) {NEVER}",
        "CREATE OPERATOR evil.= (LEFTARG = evil.key, RIGHTARG = evil.key, FUNCTION = evil.never)",
        f"CREATE TEMP TABLE {SESSIONS} AS SELECT evil.key_of(id) AS id, signed_at, voided_at, "
        f"closed_unsigned_at FROM public.{SESSIONS}",
        "SET LOCAL search_path = evil, pg_catalog, public",
    ],
}
NOTHING = "RETURNS jsonb LANGUAGE sql AS $$SELECT '{}'::jsonb$$"
# What shadows the locks that compare a row with what it was.
OVER_ROWS = {
    "a function for the row's own type": [
        f"CREATE FUNCTION evil.to_jsonb(public.{TEXTS}) {NOTHING}",
        "SET LOCAL search_path = public, evil",
    ],
    "a function before the built-in": [
        f"CREATE FUNCTION evil.to_jsonb(anyelement) {NOTHING}",
        "SET LOCAL search_path = evil, pg_catalog, public",
    ],
    "an operator that takes keys away": [
        f"CREATE FUNCTION evil.minus(jsonb, text) {NOTHING}",
        "CREATE OPERATOR evil.- (LEFTARG = jsonb, RIGHTARG = text, FUNCTION = evil.minus)",
        "SET LOCAL search_path = evil, pg_catalog, public",
    ],
    "an operator that compares": [
        "CREATE FUNCTION evil.same(jsonb, jsonb) RETURNS boolean LANGUAGE sql AS 'SELECT TRUE'",
        "CREATE OPERATOR evil.= (LEFTARG = jsonb, RIGHTARG = jsonb, FUNCTION = evil.same)",
        "SET LOCAL search_path = evil, pg_catalog, public",
    ],
}


@pytest.fixture
def intruder():
    """A role that owns no table, with the rights of a careless set-up: it may create what is temporary."""
    role = database_roles.name_of("intruder")
    database_roles.run(
        f'CREATE ROLE "{role}"',
        f'GRANT TEMPORARY ON DATABASE "{connection.settings_dict["NAME"]}" TO "{role}"',
        f'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "{role}"',
        f'GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO "{role}"',
        f'CREATE SCHEMA evil AUTHORIZATION "{role}"',
    )
    return role


@pytest.fixture
def site(draft, therapist):
    """A site of a signed note."""
    site = factories.site(draft)
    loose = factories.site(factories.session(factories.patient(therapist), therapist))
    NeedlingSession.objects.filter(pk=draft.pk).update(signed_at=timezone.now(), signed_by=therapist)
    # not installed anew: behind the grants of the intruder that can deadlock with PostgreSQL's own vacuum
    assert triggers.missing(connection) == []
    # the deferred checks of the rows above would otherwise run as the intruder
    connection.check_constraints()
    site.loose = loose
    return site


def refused(statement: str, *values) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except IntegrityError as error:
        return triggers.REFUSAL in str(error)
    return False


def copied_into(site: NeedleSite) -> str:
    """SQL that adds a copy of the site to its signed note."""
    changed = {"number": "number + 70", "key": "pg_catalog.gen_random_uuid()"}
    columns = [field.column for field in NeedleSite._meta.local_concrete_fields if field.column != "id"]
    values = ", ".join(changed.get(name, f'"{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    return f"INSERT INTO public.treatments_needlesite ({names}) SELECT {values} \
FROM public.treatments_needlesite WHERE id OPERATOR(pg_catalog.=) {site.pk}"


@pytest.mark.parametrize("shadow", OVER_PARENTS)
def test_no_shadow_of_a_parent_opens_a_signed_note(shadow, intruder, site):
    change = "UPDATE public.treatments_needlesite SET {} WHERE id OPERATOR(pg_catalog.=) %s"
    with database_roles.acting_as(intruder):
        database_roles.run(*OVER_PARENTS[shadow])

        assert refused(copied_into(site))
        assert refused(change.format("depth_mm = 1"), site.pk)
        assert refused(change.format("session_id = %s"), site.session_id, site.loose.pk)


@pytest.mark.parametrize("shadow", OVER_ROWS)
def test_no_shadow_of_a_comparison_changes_a_published_text(shadow, intruder, site):
    with database_roles.acting_as(intruder):
        database_roles.run(*OVER_ROWS[shadow])

        assert refused(f"UPDATE public.{TEXTS} SET body = 'Other words'")
        assert not refused(f"UPDATE public.{TEXTS} SET retired_at = pg_catalog.now()")
