import { generate } from 'lean-qr';
import { toSvgSource } from 'lean-qr/extras/svg';

/** Modules of white around the code (ISO 18004: 4); scanners need it on dark pages. */
const QUIET_ZONE = 4;

/** @returns an SVG element of any size, black on white, without script, style or anything to load */
export function qrPicture(text: string): string {
  return toSvgSource(generate(text), { on: 'black', off: 'white', pad: QUIET_ZONE });
}
