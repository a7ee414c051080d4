/** A static SVG made shorter without changing what it shows. */

/** Coordinates to a tenth of a pixel, level stretches as one line, the size left to the page, and no font names: the
 *  style sheet sets the font. */
export function slimSvg(svg: string): string {
  return svg
    .replace(/ font-family="[^"]*"/g, "")
    .replace(/ (width|height)="[\d.]+"(?=[^>]*viewBox)/g, "")
    .replace(/ (?:d|transform)="[^"]*"/g, (attribute) =>
      levelled(attribute.replace(/-?\d+\.\d{2,}/g, (number) => String(Number(Number(number).toFixed(1))))),
    );
}

/** Leaves out the points of a polyline that lie between their neighbours at the same height, as steps have many. */
function levelled(attribute: string): string {
  return attribute.replace(/(?:L-?[\d.]+,-?[\d.]+){3,}/g, (line) => {
    const points = line.slice(1).split("L");
    const [xs, ys] = [0, 1].map((axis) => points.map((point) => Number(point.split(",")[axis]))) as [
      number[],
      number[],
    ];
    const kept = points.filter((_, i) => {
      if (i === 0 || i === points.length - 1) return true;
      const level = ys[i - 1] === ys[i] && ys[i] === ys[i + 1];
      return !level || (xs[i]! - xs[i - 1]!) * (xs[i + 1]! - xs[i]!) < 0;
    });
    return `L${kept.join("L")}`;
  });
}
