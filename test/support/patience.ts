// How long a test waits before it says that nothing happens. On a machine that is busy with other things everything takes longer, and what a
// test waits for comes all the same: PATIENCE=10 waits ten times as long. What the product promises in seconds is no matter of patience.

const FACTOR = Number(process.env['PATIENCE'] ?? 1);

/** @param milliseconds on a quiet machine, amply */
export const patiently = (milliseconds: number): number => milliseconds * FACTOR;
