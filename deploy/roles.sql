-- PostgreSQL: an owner who makes and alters tables, and the service, which may only read and write rows.
-- Run once as the database's administrator, before the first migration:  psql -f deploy/roles.sql
CREATE ROLE wuxie_owner LOGIN PASSWORD 'CHANGE-ME-1';
CREATE ROLE wuxie_app LOGIN PASSWORD 'CHANGE-ME-2';
CREATE DATABASE wuxie OWNER wuxie_owner ENCODING 'UTF8';
\connect wuxie
REVOKE ALL ON DATABASE wuxie FROM PUBLIC;
GRANT CONNECT ON DATABASE wuxie TO wuxie_app;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
ALTER SCHEMA public OWNER TO wuxie_owner;
GRANT USAGE ON SCHEMA public TO wuxie_app;
-- No TRUNCATE, no REFERENCES, no TRIGGER, no DDL: the guards of the ledger cannot be lifted by the service.
ALTER DEFAULT PRIVILEGES FOR ROLE wuxie_owner IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO wuxie_app;
ALTER DEFAULT PRIVILEGES FOR ROLE wuxie_owner IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO wuxie_app;
