CREATE TABLE users (id uuid PRIMARY KEY, phone text NOT NULL UNIQUE, password_hash text NOT NULL, status text NOT NULL DEFAULT 'active', fails int NOT NULL DEFAULT 0,
  last_authenticated_at timestamptz, created_at timestamptz NOT NULL DEFAULT now()) WITH (fillfactor = 85);
CREATE TABLE challenges (digest bytea PRIMARY KEY, user_id uuid NOT NULL, phone text NOT NULL, failed int NOT NULL DEFAULT 0, max_failed int NOT NULL, created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL, consumed_at timestamptz, sends int NOT NULL, resend_at timestamptz) WITH (fillfactor = 50);
CREATE TABLE sessions (id uuid PRIMARY KEY, user_id uuid NOT NULL REFERENCES users (id), refresh_digest bytea NOT NULL, previous_digest bytea, sealed bytea, generation int NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL, last_used_at timestamptz NOT NULL, expires_at timestamptz NOT NULL, revoked_at timestamptz, address text, user_agent text) WITH (fillfactor = 70);
CREATE INDEX ON sessions (user_id);
CREATE TABLE audit_log (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz NOT NULL, event text NOT NULL, user_id uuid, session_id uuid, request_id text, address text);
CREATE INDEX ON audit_log (user_id, at);
CREATE TABLE outbox (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, digest bytea NOT NULL, phone text NOT NULL, taken_at timestamptz, sent_at timestamptz, vendor_id text);
CREATE INDEX ON outbox (id) WHERE taken_at IS NULL;
