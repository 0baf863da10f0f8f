// The shop's colour made readable: what is written on it, and how it must be shaded to be read itself. Pure but for one
// canvas that names colours. Source of the contrast: WCAG 2.2, relative luminance.

const PAPER: [number, number, number] = [255, 255, 255];
const NIGHT: [number, number, number] = [27, 31, 30];
const ENOUGH = 4.6; // 4.5:1, and some for rounding
const TINT = 0.14; // the share of the colour in the ground that it is written on

type Rgb = [number, number, number];

/** Custom properties for a CSS colour; none where it cannot be read. */
export function shades(colour: string): Record<string, string> {
  const accent = read(colour);
  if (!accent) return {};
  return {
    "--_on": contrast(accent, PAPER) >= contrast(accent, [16, 20, 19]) ? "#fff" : "#101413",
    "--_ink-light": hex(readable(accent, PAPER, [0, 0, 0])),
    "--_ink-dark": hex(readable(accent, NIGHT, [255, 255, 255])),
  };
}

function readable(colour: Rgb, ground: Rgb, end: Rgb): Rgb {
  const under = mix(ground, colour, TINT);
  let shade = colour;
  for (let share = 0; share <= 1 && contrast(shade, under) < ENOUGH; share += 0.05) shade = mix(colour, end, share);
  return shade;
}

function read(colour: string): Rgb | null {
  const pen = document.createElement("canvas").getContext("2d");
  if (!pen || !CSS.supports("color", colour)) return null;
  pen.fillStyle = colour;
  const named = /^#(..)(..)(..)$/.exec(String(pen.fillStyle));
  return named ? [1, 2, 3].map((n) => parseInt(named[n]!, 16)) as Rgb : null;
}

function contrast(a: Rgb, b: Rgb): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4)) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

const mix = (a: Rgb, b: Rgb, share: number) => a.map((c, n) => Math.round(c * (1 - share) + b[n]! * share)) as Rgb;
const hex = (c: Rgb) => `#${c.map((n) => n.toString(16).padStart(2, "0")).join("")}`;
