import { generate } from 'lean-qr';
import { toSvgSource } from 'lean-qr/extras/svg';

/** Width of the white margin in modules (ISO 18004: 4). Scanners need it on dark pages. */
const QUIET_ZONE = 4;

/** @returns an SVG element that scales to any size, black on white, without script, style or external resources */
export function qrPicture(text: string): string {
  return toSvgSource(generate(text), { on: 'black', off: 'white', pad: QUIET_ZONE });
}
