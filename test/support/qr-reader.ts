// Reads the QR code of an SVG as a camera would, with a decoder that knows nothing of the encoder. Understands what the picture is made
// of: one path of straight lines, filled where an odd number of them is crossed.
import decode from 'jsqr';

const SCALE = 4;

/** @returns undefined when nothing can be read */
export function readQr(svg: string): string | undefined {
  const [left = 0, top = 0, width = 0, height = 0] = numbers(/viewBox="([^"]+)"/.exec(svg)?.[1] ?? '');
  const polygons = (/ d="([^"]+)"/.exec(svg)?.[1] ?? '').split(/(?=M)/).map((part) => pairs(numbers(part)));
  const [columns, rows] = [width * SCALE, height * SCALE];
  const pixels = new Uint8ClampedArray(columns * rows * 4).fill(255);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const point = [left + (column + 0.5) / SCALE, top + (row + 0.5) / SCALE] as const;
      if (isInside(point, polygons)) pixels.fill(0, (row * columns + column) * 4, (row * columns + column) * 4 + 3);
    }
  }
  return decode(pixels, columns, rows)?.data;
}

type Point = readonly [number, number];

function isInside([x, y]: Point, polygons: readonly (readonly Point[])[]): boolean {
  let inside = false;
  for (const polygon of polygons) {
    for (const [index, [ax, ay]] of polygon.entries()) {
      const [bx, by] = polygon[(index + 1) % polygon.length] ?? [ax, ay];
      if (ay > y !== by > y && x < ax + ((y - ay) * (bx - ax)) / (by - ay)) inside = !inside;
    }
  }
  return inside;
}

function numbers(text: string): number[] {
  return (text.match(/-?[\d.]+/g) ?? []).map(Number);
}

function pairs(values: readonly number[]): Point[] {
  return Array.from({ length: values.length / 2 }, (_, index) => [values[2 * index] ?? 0, values[2 * index + 1] ?? 0]);
}
