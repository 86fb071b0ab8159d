-- As the owner, in the practice's database, after the first `migrate` and after a restore; again whenever you like:
--   python manage.py dbshell -- --file docs/deploy/grants.sql
-- Grant filiform_serve nothing else, and no membership in another role.
\set ON_ERROR_STOP on
\set QUIET on
BEGIN;
REVOKE CREATE, TEMPORARY ON DATABASE :"DBNAME" FROM PUBLIC;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT CONNECT ON DATABASE :"DBNAME" TO filiform_serve;
GRANT USAGE ON SCHEMA public TO filiform_serve;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO filiform_serve;
GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO filiform_serve;
REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM filiform_serve;
-- what a later release makes
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO filiform_serve;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON SEQUENCES TO filiform_serve;

-- A role that may not revoke gets a warning only, and then the serving role could make tables of its own.
DO $$
BEGIN
  IF has_schema_privilege('filiform_serve', 'public', 'CREATE')
    OR has_database_privilege('filiform_serve', current_database(), 'CREATE, TEMPORARY')
  THEN
    RAISE EXCEPTION 'filiform_serve may still create. Run this as the owner of the database and of the schema public.';
  END IF;
END $$;
COMMIT;
