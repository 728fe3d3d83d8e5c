import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A budget of unverified messages is widened by entered codes up to a bound only, so that an attack cannot hide behind busy people; and
 * one that is full may let strangers in one at a time, so that people are let in again as soon as the attack is over (security.md 5.4).
 */
export class LetStrangersInOneAtATime1763700000060 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP FUNCTION ${before}`);
    await runner.query(takeUnverified);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP FUNCTION ${after}`);
    await runner.query(takeUnverifiedBefore);
  }
}

const before = 'take_unverified(unverified_sends, timestamptz, uuid, text, int[], int[], float8, boolean)';
const after = 'take_unverified(unverified_sends, timestamptz, uuid, text, int[], int[], float8, int, boolean, boolean)';

// The row after one more send, and whether there is room for it. Newest first; what was entered leaves "sends" and is kept in "verified",
// which fades: to 37 % after each of "spans". Those are the windows, the trickle's, and a memory: a week where it trickles, else a day.
// - Room: per window "counts" sends without an entered code, "share" more for each code entered within the memory, "most" at the most
//   (null: no bound). A number that is sent to again counts once where "one_per_phone" names it. "room" is that of the first window.
// - "closes": a full window opens again only when a whole window has passed since its last send.
// - "trickles": a full budget still takes one send, and one more for each code entered of late (a third of the first count at most), in
//   each sixth of the first window; in all not more than "most" and a quarter of what "share" gives in the last one.
// - "standing": half of the codes entered within the memory, less what was left open in a day; so many sends are kept of an address.
// "opens_at" is null where this send has room, "shut_until" while the budget is not full, trickle or not. "left_open" counts the sends of
// the first window without an entered code; at "quiet_at" it is one at most.
// Rounded and bounded, because PostgreSQL takes an underflow for an error.
const takeUnverified = `
  CREATE FUNCTION take_unverified(state unverified_sends, at timestamptz, challenge uuid, one_per_phone text,
                                  counts int[], seconds int[], share float8, most int, closes boolean, trickles boolean,
                                  OUT sends sms_send[], OUT verified float8[], OUT opens_at timestamptz, OUT standing float8,
                                  OUT shut_until timestamptz, OUT room int, OUT left_open int, OUT quiet_at timestamptz)
  LANGUAGE plpgsql STABLE AS $$
  DECLARE
    elapsed float8 := greatest(0, coalesce(extract(epoch FROM at - state.touched_at), 0));
    windows int := cardinality(counts);
    spans int[] := seconds || CASE WHEN trickles THEN ARRAY[seconds[1] / 6, 604800] ELSE ARRAY[86400] END;
    earned int;
    rooms int[];
    kept int;
    last timestamptz;
    since timestamptz;
    nth timestamptz;
    span interval;
  BEGIN
    verified := ARRAY(SELECT round((coalesce(state.verified[w], 0) * exp(-least(50, elapsed / spans[w])))::numeric, 4)::float8 FROM generate_subscripts(spans, 1) w ORDER BY w);
    WITH judged AS (
      SELECT s.challenge, s.at AS sent_at, s.place, a.consumed_at IS NOT NULL AS entered, a.phone = one_per_phone AS same
        FROM unnest(state.sends) WITH ORDINALITY s(challenge, at, place) LEFT JOIN otp_attempts a ON a.id = s.challenge
    )
    SELECT coalesce(array_agg(ROW(j.challenge, j.sent_at)::sms_send ORDER BY j.place) FILTER (WHERE NOT coalesce(j.entered OR j.same, false)), '{}'),
           ARRAY(SELECT verified[w] + (SELECT count(*) FROM judged e WHERE e.entered AND e.sent_at > at - make_interval(secs => spans[w]))
                   FROM generate_subscripts(spans, 1) w ORDER BY w)
      INTO sends, verified FROM judged j;
    left_open := (SELECT count(*) FROM unnest(sends) x(sent, sent_at) WHERE x.sent_at > at - make_interval(secs => seconds[1]));
    quiet_at := (sends[2]).at + make_interval(secs => seconds[1]);
    standing := verified[cardinality(spans)] / 2 - (SELECT count(*) FROM unnest(sends) x(sent, sent_at) WHERE x.sent_at > at - interval '1 day');
    earned := floor(share * verified[cardinality(spans)]);
    rooms := ARRAY(SELECT least(c + earned, most + greatest(0, c - most)) FROM unnest(counts) WITH ORDINALITY x(c, w) ORDER BY w);
    room := rooms[1];
    kept := (SELECT max(r) FROM unnest(rooms) r);
    last := (sends[1]).at;
    FOR w IN 1 .. windows LOOP
      nth := (sends[rooms[w]]).at;
      since := CASE WHEN closes AND w = 1 THEN last ELSE at END - make_interval(secs => seconds[w]);
      IF nth > since THEN
        opens_at := greatest(opens_at, CASE WHEN closes AND w = 1 THEN last ELSE nth END + make_interval(secs => seconds[w]));
      END IF;
    END LOOP;
    IF opens_at <= at THEN opens_at := NULL; END IF;
    shut_until := opens_at;
    IF trickles THEN
      kept := greatest(kept, most + floor(share * verified[windows] / 4)::int);
      span := make_interval(secs => spans[windows + 1]);
      nth := (sends[1 + least(floor(verified[windows + 1]), counts[1] / 3)::int]).at;
      IF shut_until IS NOT NULL AND coalesce((sends[kept]).at <= at - make_interval(secs => seconds[windows]), true) THEN
        opens_at := CASE WHEN nth > at - span THEN least(opens_at, nth + span) END;
      END IF;
    END IF;
    IF NOT closes THEN kept := kept + floor(verified[windows + 1] / 2)::int; END IF;
    SELECT (ROW(challenge, at)::sms_send || sends)[1:kept] INTO sends;
  END $$;`;

const takeUnverifiedBefore = `
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
    standing := verified[cardinality(spans)] / 2 - (SELECT count(*) FROM unnest(sends) x(sent, sent_at) WHERE x.sent_at > at - interval '1 day');
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
