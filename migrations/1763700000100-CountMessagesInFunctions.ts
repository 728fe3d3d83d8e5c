import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The counters of a message, looked at and taken by functions instead of forty parts of every statement that sends one (ADR 87). Which
 * counters a message has, and how much each takes, is still said by the statement; the names are those of src/limits.
 */
export class CountMessagesInFunctions1763700000100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(lookAtCounters);
    await runner.query(takeCounters);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION take_counters(jsonb, jsonb, jsonb, timestamptz[], bigint[], int, timestamptz, uuid);
      DROP FUNCTION look_at_counters(jsonb, jsonb, jsonb, timestamptz, uuid, text);
    `);
  }
}

const allowance = `allowance AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset(budgets)
          AS x(key text, own boolean, closes boolean, waivable boolean, phone text, counts int[], seconds int[], share float8, most int, trickles boolean)
    ), allowance_seen AS MATERIALIZED (
      SELECT g.key, g.own, g.waivable, g.counts, t.opens_at, t.standing, t.shut_until, t.left_open, t.quiet_at FROM allowance g,
             LATERAL take_unverified((SELECT u FROM unverified_sends u WHERE u.key = g.key), moment, challenge, g.phone, g.counts, g.seconds, g.share, g.most, g.closes, g.trickles) t
    )`;

/** An address where people enter their codes, more than it leaves open: it is served while a country is closed to strangers. */
const inGoodStanding = `(SELECT coalesce(bool_or(standing >= 1), false) FROM allowance_seen WHERE key LIKE 'address:%')`;

const ofRow = (column: string) => `(SELECT ${column} FROM allowance g,
                     LATERAL take_unverified(u, moment, challenge, g.phone, g.counts, g.seconds, g.share, g.most, g.closes, g.trickles) t WHERE g.key = u.key)`;

const windowStart = 'to_timestamp(floor(extract(epoch FROM moment) / x.seconds) * x.seconds)';

// By the snapshot of the statement; locks nothing and writes nothing. What was entered of late is read only for a counter that has hits.
// "refunded" (null: nobody asked) and "spent", the sums of the windows in the order of "spends", are for take_counters.
// A prefix takes no third message while two are open, once half of its country's budget is open in other prefixes: numbers in a row give
// an attack away, people's are far apart. The prefix's own count holds in any case.
const lookAtCounters = `
  CREATE FUNCTION look_at_counters(wanted jsonb, budgets jsonb, spends jsonb, moment timestamptz, challenge uuid, number text,
                                   OUT free boolean, OUT refusal text, OUT retry_after_seconds float8, OUT refunded timestamptz[], OUT spent bigint[])
  LANGUAGE plpgsql STABLE AS $$
  DECLARE
    w record;
    wait float8;
  BEGIN
    FOR w IN SELECT x.counts, x.seconds, x.refundable, r.hits
               FROM jsonb_to_recordset(wanted) AS x(key text, counts int[], seconds int[], refundable boolean),
                    LATERAL (SELECT l.hits FROM rate_limits l WHERE l.key = x.key OFFSET 0) r LOOP
      IF w.refundable AND refunded IS NULL THEN
        refunded := ARRAY(SELECT s.at FROM otp_attempts a, unnest(a.created_at || a.sends) AS s(at)
                           WHERE a.phone = number AND a.consumed_at IS NOT NULL AND a.verified_by IS NULL AND a.created_at > moment - interval '1 day');
      END IF;
      IF w.refundable AND w.hits && refunded THEN w.hits := without_hits(w.hits, refunded); END IF;
      FOR i IN 1 .. cardinality(w.counts) LOOP
        wait := w.seconds[i] - extract(epoch FROM moment - w.hits[w.counts[i]]);
        IF wait > 0 THEN
          refusal := 'limit';
          retry_after_seconds := greatest(retry_after_seconds, wait);
        END IF;
      END LOOP;
    END LOOP;
    IF jsonb_array_length(budgets) > 0 THEN
      WITH ${allowance}, allowance_shut AS (
        SELECT own, opens_at FROM allowance_seen WHERE opens_at IS NOT NULL AND NOT (waivable AND ${inGoodStanding})
        UNION ALL SELECT false, p.quiet_at FROM allowance_seen p JOIN allowance_seen c ON c.waivable
         WHERE p.key LIKE 'prefix:%' AND p.quiet_at > moment AND (c.left_open - p.left_open) * 2 >= c.counts[1] AND NOT ${inGoodStanding}
      )
      SELECT coalesce(refusal, CASE WHEN bool_or(own) THEN 'limit' WHEN count(*) > 0 THEN 'budget' END),
             greatest(retry_after_seconds, max(extract(epoch FROM opens_at - moment)))
        INTO refusal, retry_after_seconds FROM allowance_shut;
    END IF;
    FOR w IN SELECT x.cap, x.amount, ${windowStart} AS starts, x.seconds,
                    (SELECT coalesce(sum(b.n), 0) FROM spend_windows b WHERE b.scope = x.scope AND b.window_start = ${windowStart}) AS n
               FROM ROWS FROM (jsonb_to_recordset(spends) AS (scope text, cap bigint, amount bigint, seconds int)) WITH ORDINALITY AS x(scope, cap, amount, seconds, place)
              ORDER BY x.place LOOP
      spent := spent || w.n::bigint;
      IF w.n + w.amount > w.cap THEN
        refusal := coalesce(refusal, 'budget');
        retry_after_seconds := greatest(retry_after_seconds, extract(epoch FROM w.starts - moment) + w.seconds);
      END IF;
    END LOOP;
    free := refusal IS NULL;
  END $$;`;

// All or nothing, in one order: hits, budgets, spend; each by key, so that two statements never wait for each other. Every counter is judged
// once more on its locked row; whoever lost the race for one of them raises LK429, which undoes the rest. "alarms": thresholds this send
// has reached, each told once a window, and budgets that closed by it; null where there are none.
const takeCounters = `
  CREATE FUNCTION take_counters(wanted jsonb, budgets jsonb, spends jsonb, refunded timestamptz[], spent bigint[], spread int, moment timestamptz, challenge uuid,
                                OUT alarms jsonb)
  LANGUAGE plpgsql AS $$
  DECLARE
    w record;
    drawn int;
    starts timestamptz;
    total bigint;
    reached jsonb;
  BEGIN
    refunded := coalesce(refunded, '{}');
    FOR w IN SELECT * FROM jsonb_to_recordset(wanted) AS x(key text, counts int[], seconds int[], memory int, refundable boolean) ORDER BY x.key COLLATE "C" LOOP
      INSERT INTO rate_limits AS r (key, hits, touched_at) VALUES (w.key, ARRAY[moment], moment)
      ON CONFLICT (key) DO UPDATE SET touched_at = moment,
          hits = (moment || CASE WHEN w.refundable AND r.hits && refunded THEN without_hits(r.hits, refunded) ELSE r.hits END)[1:w.memory]
        WHERE within_limits(CASE WHEN w.refundable AND r.hits && refunded THEN without_hits(r.hits, refunded) ELSE r.hits END, moment, w.counts, w.seconds);
      IF NOT FOUND THEN PERFORM refuse_send('limit'); END IF;
    END LOOP;
    IF jsonb_array_length(budgets) > 0 THEN
      WITH ${allowance}, drawn_on AS (
        INSERT INTO unverified_sends AS u (key, sends, verified, touched_at)
        SELECT g.key, t.sends, t.verified, moment FROM allowance g,
               LATERAL take_unverified(NULL::unverified_sends, moment, challenge, g.phone, g.counts, g.seconds, g.share, g.most, g.closes, g.trickles) t
         ORDER BY g.key COLLATE "C"
        ON CONFLICT (key) DO UPDATE SET (sends, verified, touched_at) = ${ofRow('t.sends, t.verified, moment')}
          WHERE ${ofRow(`t.opens_at IS NULL OR (g.waivable AND ${inGoodStanding})`)}
        RETURNING u.key, ${ofRow('g.closes AND t.shut_until IS NOT NULL')} AS closed
      )
      SELECT count(*), jsonb_agg(jsonb_build_object('kind', 'closed', 'scope', key)) FILTER (WHERE closed AND shut_until IS NULL)
        INTO drawn, alarms FROM drawn_on JOIN allowance_seen USING (key);
      IF drawn < jsonb_array_length(budgets) THEN PERFORM refuse_send('budget'); END IF;
    END IF;
    FOR w IN SELECT x.*, spent[x.place] AS n
               FROM ROWS FROM (jsonb_to_recordset(spends) AS (scope text, cap bigint, amount bigint, seconds int, shards int)) WITH ORDINALITY AS x(scope, cap, amount, seconds, shards, place)
              ORDER BY x.scope COLLATE "C" LOOP
      starts := to_timestamp(floor(extract(epoch FROM moment) / w.seconds) * w.seconds);
      INSERT INTO spend_windows AS b (scope, window_start, shard, n) VALUES (w.scope, starts, spread % w.shards, w.amount)
      ON CONFLICT (scope, window_start, shard) DO UPDATE SET n = b.n + w.amount WHERE w.shards > 1 OR b.n + w.amount <= w.cap
      RETURNING b.n INTO total;
      IF NOT FOUND THEN PERFORM refuse_send('budget'); END IF;
      IF w.shards > 1 THEN total := w.n + w.amount; END IF;
      IF total * 100 >= w.cap * 50 THEN
        WITH told AS (
          INSERT INTO spend_alarms (scope, window_start, percent)
          SELECT w.scope, starts, p FROM unnest(ARRAY[50, 80, 100]) p WHERE total * 100 >= w.cap * p
             AND NOT EXISTS (SELECT FROM spend_alarms a WHERE a.scope = w.scope AND a.window_start = starts AND a.percent = p)
           ORDER BY p ON CONFLICT DO NOTHING RETURNING percent
        )
        SELECT jsonb_agg(jsonb_build_object('kind', 'budget', 'scope', w.scope || ' ' || percent || '%')) INTO reached FROM told;
        alarms := coalesce(alarms || reached, alarms, reached);
      END IF;
    END LOOP;
  END $$;`;
