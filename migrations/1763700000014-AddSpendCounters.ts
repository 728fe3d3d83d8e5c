import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What guards the money (security.md 5.4, protocol.md 7): messages spent per window, alarms given once per window, and per address,
 * prefix and country the sends whose code was not entered. Whether one was entered is asked of its challenge, so verifying counts nothing.
 */
export class AddSpendCounters1763700000014 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE spend_windows (
        scope text NOT NULL,
        window_start timestamptz NOT NULL,
        shard smallint NOT NULL,
        n bigint NOT NULL,
        CONSTRAINT spend_windows_pkey PRIMARY KEY (scope, window_start, shard)
      ) WITH (fillfactor = 50);
      CREATE INDEX spend_windows_window_start_idx ON spend_windows (window_start);
      CREATE TABLE spend_alarms (
        scope text NOT NULL,
        window_start timestamptz NOT NULL,
        percent smallint NOT NULL,
        CONSTRAINT spend_alarms_pkey PRIMARY KEY (scope, window_start, percent)
      );
      CREATE TYPE sms_send AS (challenge uuid, at timestamptz);
      CREATE TABLE unverified_sends (
        key text CONSTRAINT unverified_sends_pkey PRIMARY KEY,
        sends sms_send[] NOT NULL,
        verified float8[] NOT NULL,
        touched_at timestamptz NOT NULL
      ) WITH (fillfactor = 70);
    `);
    await runner.query(takeUnverified);
    await runner.query(`
      CREATE FUNCTION refuse_send(refusal text) RETURNS void LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION USING ERRCODE = 'LK429', MESSAGE = refusal;
      END $$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION refuse_send(text);
      DROP FUNCTION take_unverified(unverified_sends, timestamptz, uuid, text, int[], int[], float8, boolean);
      DROP TABLE unverified_sends;
      DROP TYPE sms_send;
      DROP TABLE spend_alarms;
      DROP TABLE spend_windows;
    `);
  }
}

// The row after one more send, and whether there is room for it. Per window: "counts" sends without an entered code, and "share"
// more for each code that was entered of late (it fades: to 37 % after a window). Newest first. A number that is sent to again counts once
// where "one_per_phone" names it. "closes": a full window opens again only when a whole window has passed since its last send.
// Challenges are looked up only when there may be no room otherwise. Rounded and bounded, because PostgreSQL takes an underflow for an error.
const takeUnverified = `
  CREATE FUNCTION take_unverified(state unverified_sends, at timestamptz, challenge uuid, one_per_phone text,
                                  counts int[], seconds int[], share float8, closes boolean,
                                  OUT sends sms_send[], OUT verified float8[], OUT opens_at timestamptz, OUT standing float8)
  LANGUAGE plpgsql STABLE AS $$
  DECLARE
    elapsed float8 := greatest(0, coalesce(extract(epoch FROM at - state.touched_at), 0));
    room int;
    last timestamptz;
    since timestamptz;
    nth timestamptz;
  BEGIN
    sends := coalesce(state.sends, '{}');
    verified := ARRAY(SELECT round((coalesce(state.verified[w], 0) * exp(-least(50, elapsed / seconds[w])))::numeric, 4)::float8 FROM generate_subscripts(counts, 1) w ORDER BY w);
    IF one_per_phone IS NOT NULL OR NOT closes OR cardinality(sends) >= (SELECT min(c) FROM unnest(counts) c) THEN
      WITH judged AS (
        SELECT s.challenge, s.at AS sent_at, s.place, a.consumed_at IS NOT NULL AS entered, a.phone = one_per_phone AS same
          FROM unnest(state.sends) WITH ORDINALITY s(challenge, at, place) LEFT JOIN otp_attempts a ON a.id = s.challenge
      )
      SELECT coalesce(array_agg(ROW(j.challenge, j.sent_at)::sms_send ORDER BY j.place) FILTER (WHERE NOT coalesce(j.entered OR j.same, false)), '{}'),
             ARRAY(SELECT verified[w] + (SELECT count(*) FROM judged e WHERE e.entered AND e.sent_at > at - make_interval(secs => seconds[w]))
                     FROM generate_subscripts(counts, 1) w ORDER BY w)
        INTO sends, verified FROM judged j;
    END IF;
    standing := verified[1] / 2 - cardinality(sends);
    last := (sends[1]).at;
    FOR w IN 1 .. cardinality(counts) LOOP
      room := counts[w] + floor(share * verified[w]);
      nth := (sends[room]).at;
      since := CASE WHEN closes AND w = 1 THEN last ELSE at END - make_interval(secs => seconds[w]);
      IF nth > since THEN
        opens_at := greatest(opens_at, CASE WHEN closes AND w = 1 THEN last ELSE nth END + make_interval(secs => seconds[w]));
      END IF;
    END LOOP;
    IF opens_at <= at THEN opens_at := NULL; END IF;
    SELECT (ROW(challenge, at)::sms_send || sends)[1:max(counts[w] + floor(share * verified[w]))::int] INTO sends FROM generate_subscripts(counts, 1) w;
  END $$;`;
