// How many SMS segments a text takes, and so what it costs (3GPP TS 23.038). One segment has 160 characters of the GSM-7 alphabet, each of several
// 153. As soon as one character is not in that alphabet, they have 70 and 67 UTF-16 units.

const gsm7 = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
const extension = new Set('^{}\\[~]|€');

export function segmentCount(text: string): number {
  let septets = 0;
  for (const character of text) {
    if (gsm7.has(character)) septets += 1;
    else if (extension.has(character)) septets += 2;
    else return partsOf(text.length, 70, 67);
  }
  return partsOf(septets, 160, 153);
}

function partsOf(length: number, single: number, each: number): number {
  return length <= single ? 1 : Math.ceil(length / each);
}
