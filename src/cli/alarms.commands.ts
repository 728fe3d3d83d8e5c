// alarms: conditions that last and that an operator should act on. Like /v1/admin/alarms, without what only a running instance knows of a vendor.
import { GateKeeper } from '../auth/challenge-gate/gate-keeper.service';
import { FactorAlarm } from '../auth/factor-alarm/factor-alarm.service';
import type { CommandGroup } from './command-group.types';

export const alarmsCommands: CommandGroup = {
  name: 'alarms',
  summary: 'alarms that last, and the gate that they shut',
  add(group, run) {
    group
      .command('show')
      .description('how second factors fare on all instances now, and whether the gate is shut')
      .action(
        run(async ({ get, output }) => {
          const { attempts, failed, raisedAt } = await get(FactorAlarm).look();
          const { mode, shut } = await get(GateKeeper).state();
          const since = raisedAt === null ? 'no alarm' : `an alarm since ${raisedAt.toISOString()}`;
          const gate = `the gate (CHALLENGE_GATE=${mode}) is ${shut ? 'shut' : 'open'}`;
          const text = `${failed} of ${attempts} second factors failed: ${since}; ${gate}`;
          output.result({ attempts, failed, raisedAt, gateMode: mode, gateShut: shut }, text);
        }),
      );
  },
};
