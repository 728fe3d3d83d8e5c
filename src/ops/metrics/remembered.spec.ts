import { remembered } from './remembered';

describe('what is remembered for scrapes', () => {
  it('is asked for once, however many come meanwhile', async () => {
    let asked = 0;
    const read = remembered(() => Promise.resolve((asked += 1)));
    expect(await Promise.all([read(), read(), read()])).toEqual([1, 1, 1]);
  });

  it('is asked for again after an error', async () => {
    let asked = 0;
    const read = remembered(() => ((asked += 1) === 1 ? Promise.reject(new Error('away')) : Promise.resolve(asked)));
    await expect(read()).rejects.toThrow('away');
    expect(await read()).toBe(2);
  });
});
