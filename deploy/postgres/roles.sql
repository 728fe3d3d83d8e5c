-- Once, as a superuser, before the first migration. Choose the passwords with \password, not here.
CREATE ROLE latchkey_owner LOGIN;
CREATE ROLE latchkey_app LOGIN;
CREATE DATABASE latchkey OWNER latchkey_owner;
-- What the app asks for by itself on a connection of its own; behind a pooling proxy the role has to say it.
ALTER ROLE latchkey_app SET statement_timeout = '3s';
ALTER ROLE latchkey_app SET lock_timeout = '1s';
ALTER ROLE latchkey_app SET idle_in_transaction_session_timeout = '5s';
ALTER ROLE latchkey_app SET timezone = 'UTC';
