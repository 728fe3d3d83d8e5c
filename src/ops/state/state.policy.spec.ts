import { hasGoneBack } from './state.policy';

const at = (mark: number, floorMark: number | null = null) => ({ id: 'a', mark, floorMark });

describe('whether a database went back', () => {
  it.each<[string, ReturnType<typeof at>, Parameters<typeof hasGoneBack>[1], boolean]>([
    ['was never seen', at(5), undefined, false],
    ['stands where it was seen', at(5), { mark: 5 }, false],
    ['has gone on', at(6), { mark: 5 }, false],
    ['stands before', at(4), { mark: 5 }, true],
    ['stands before, with a floor from before', at(4, 3), { mark: 5 }, true],
    ['stands before, with a floor at what was seen', at(5, 5), { mark: 5, wentBack: true }, true],
    ['has a floor above what was seen', at(7, 7), { mark: 5, wentBack: true }, false],
    ['went back under us and has gone on since', at(9), { mark: 5, wentBack: true }, true],
  ])('one that %s', (_, state, seen, expected) => {
    expect(hasGoneBack(state, seen)).toBe(expected);
  });
});
