import { hasGoneBack } from './state.policy';

const at = (mark: number, floorMark: number | null = null, wentBackMark: number | null = null) => ({
  id: 'a',
  mark,
  floorMark,
  wentBackMark,
});
const seen = (mark?: number, wentBackAt?: number) => ({ mark, wentBackAt });

describe('whether a database went back', () => {
  it.each<[string, ReturnType<typeof at>, ReturnType<typeof seen>, boolean]>([
    ['was never seen', at(5), seen(), false],
    ['stands where it was seen', at(5), seen(5), false],
    ['has gone on', at(6), seen(5), false],
    ['stands before', at(4), seen(5), true],
    ['stands before, with a floor from before', at(4, 3), seen(5), true],
    ['went back, and was gone on with by somebody else since', at(9), seen(9, 5), true],
    ['went back, with a floor at what was seen', at(9, 5), seen(9, 5), true],
    ['went back, with a floor above what was seen', at(9, 7), seen(9, 5), false],
    ['went back twice, with a floor for the first time', at(9, 7), seen(9, 8), true],
    ['was found out by another instance', at(9, null, 5), seen(9), true],
    ['was found out by another instance, with a floor since', at(9, 6, 5), seen(9), false],
    ['stands before, with a floor from before it went back once', at(8, 7), seen(9, 5), true],
  ])('%s', (_, state, known, wentBack) => {
    expect(hasGoneBack(state, known)).toBe(wentBack);
  });
});
