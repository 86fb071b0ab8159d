-- Once, as a superuser: the two roles and the database. Passwords come from the environment, not from a command line:
--   OWNER_PASSWORD=... SERVE_PASSWORD=... psql --dbname postgres --file docs/deploy/roles.sql
\set ON_ERROR_STOP on
\set owner_password `printenv OWNER_PASSWORD`
\set serve_password `printenv SERVE_PASSWORD`

-- Owns the tables and migrates. It makes the scratch database in which a backup is tried. With INHERIT, by which the
-- owner of a database has its schema `public`.
CREATE ROLE filiform LOGIN PASSWORD :'owner_password' INHERIT
  NOSUPERUSER CREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
-- Serves. It owns nothing, so it can neither take a lock off nor change or empty a table.
CREATE ROLE filiform_serve LOGIN PASSWORD :'serve_password' NOINHERIT
  NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;

CREATE DATABASE filiform OWNER filiform TEMPLATE template0 ENCODING 'UTF8';
