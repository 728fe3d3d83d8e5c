// state: how far the database has come, and the step that follows a restore, by whatever means it was made (docs/adr/0072).
import { FloorService } from '../ops/state/floor.service';
import { StateMark } from '../ops/state/state-mark.service';
import { ENDED } from './backup.commands';
import type { CommandGroup } from './command-group.types';

export const stateCommands: CommandGroup = {
  name: 'state',
  summary: 'whether the database went back, and the step after a restore',
  add(group, run) {
    group
      .command('show')
      .description('the mark of the database, and whether it stands before what was seen from here')
      .action(
        run(async ({ get, output }) => {
          const { id, mark, floorMark, wentBack } = await get(StateMark).look();
          const record = { database: id, mark, floor: floorMark, wentBack };
          output.result(
            record,
            `database ${id}, mark ${mark}, ${wentBack ? 'WENT BACK: state raise-floor' : 'not behind what was seen from here'}`,
          );
        }),
      );
    group
      .command('raise-floor')
      .description(
        'after a restore of an older state: end what was made before, so that nothing ended since lives again',
      )
      .action(
        run(async ({ get, output, actor }) => {
          const { mark } = await get(FloorService).raise(actor);
          output.result({ mark }, ENDED);
        }),
      );
  },
};
