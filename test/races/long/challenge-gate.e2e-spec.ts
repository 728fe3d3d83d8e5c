// One answer for the gate, presented twenty times at once to two instances: it opens once.
import { askReset } from '../../support/credentials';
import { gateAt, passage, solve, solved } from '../../support/gate';
import { startSystem, type System } from '../../support/instance';
import { burst, LIMITS_OFF, RACE_TIMEOUT_MS, rounds } from '../burst';

const ONCE = { '202': 1, '403 gate_required used': 19 };
let system: System;

beforeAll(async () => {
  const env = { ...LIMITS_OFF, CHALLENGE_GATE: 'always', CHALLENGE_GATE_DIFFICULTY: '8' };
  system = await startSystem({ instances: 2, env });
});
afterAll(() => system.stop());

function counted(answers: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    [...new Set(answers)].sort().map((each) => [each, answers.filter((one) => one === each).length]),
  );
}

it(
  'a solved puzzle is good once, with one number or with twenty',
  () =>
    rounds(5, async (round) => {
      const gate = (await gateAt(system.api, 'password_forgot')) ?? { kind: 'none' };
      const tokens = Array.from({ length: 20 }, (_, index) => solve(gate, round % 2 === 0 ? 0 : index * 3000));
      const name = `somebody-${round}`;
      const answers = await burst(system, 20, (api, index) => askReset(api, name, { gateToken: tokens[index] }));
      expect(counted(answers.map(passage))).toEqual(ONCE);
    }),
  RACE_TIMEOUT_MS,
);

it(
  'twenty puzzles of as many people open it twenty times',
  async () => {
    const tokens = await burst(system, 20, (api) => solved(api, 'password_forgot'));
    const answers = await burst(system, 20, (api, index) =>
      askReset(api, `many-${index}`, { gateToken: tokens[index] }),
    );
    expect(counted(answers.map(passage))).toEqual({ '202': 20 });
  },
  RACE_TIMEOUT_MS,
);
