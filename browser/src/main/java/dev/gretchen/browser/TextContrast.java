package dev.gretchen.browser;

import com.microsoft.playwright.Page;
import java.util.List;

/// Whether the texts of a page can be read: the contrast of each to what is behind it, by WCAG 2.1,
/// success criterion 1.4.3.
public final class TextContrast {

  /// In the page: of each visible text that stands out by less than 4.5 to 1, the contrast and how
  /// it begins. What is behind it is the nearest opaque background, in a picture the nearest
  /// rectangle.
  private static final String TOO_WEAK =
      """
      () => {
        const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
        const rgba = (color) => {
          canvas.clearRect(0, 0, 1, 1);
          canvas.fillStyle = color;
          canvas.fillRect(0, 0, 1, 1);
          return canvas.getImageData(0, 0, 1, 1).data;
        };
        const luminance = (color) => {
          const [r, g, b] = [...color].slice(0, 3).map((c) => {
            const share = c / 255;
            return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
          });
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const behind = (element) => {
          for (let each = element; each; each = each.parentElement) {
            const color = rgba(getComputedStyle(each).backgroundColor);
            if (color[3] === 255) {
              return color;
            }
          }
          return rgba("white");
        };
        // of a picture: what was drawn before it and holds its middle; of a pattern, its ground
        const paint = (fill) => {
          const pattern = /url\\("?#([^")]+)/.exec(fill);
          return rgba(pattern ? getComputedStyle(document.getElementById(pattern[1]).querySelector("rect")).fill : fill);
        };
        const grounds = new Map();
        const groundsOf = (svg) => {
          if (!grounds.has(svg)) {
            grounds.set(svg, [...svg.querySelectorAll("rect")].map((rect) =>
              ({rect, box: rect.getBoundingClientRect(), style: getComputedStyle(rect)}))
              .filter(({style}) => style.fill !== "none" && Number(style.fillOpacity) === 1)
              .map((each) => ({...each, color: paint(each.style.fill)}))
              .filter(({color}) => color[3] === 255));
          }
          return grounds.get(svg);
        };
        const beneath = (text) => {
          const own = text.getBoundingClientRect();
          const [x, y] = [(own.left + own.right) / 2, (own.top + own.bottom) / 2];
          const ground = groundsOf(text.ownerSVGElement).findLast(({rect, box}) =>
            rect.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING &&
            box.left <= x && x <= box.right && box.top <= y && y <= box.bottom);
          return ground ? ground.color : behind(text);
        };
        const texts = [...document.querySelectorAll("body *")].filter((element) =>
          element.checkVisibility() &&
          [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()));
        return texts.map((element) => {
          const isSvg = element instanceof SVGElement;
          const style = getComputedStyle(element);
          const a = luminance(rgba(isSvg ? style.fill : style.color));
          const b = luminance(isSvg ? beneath(element) : behind(element));
          const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
          return {contrast, text: element.tagName + ": " + element.textContent.slice(0, 40)};
        }).filter((each) => each.contrast < 4.5).map((each) => each.contrast.toFixed(2) + " " + each.text);
      }
      """;

  private TextContrast() {}

  /// The texts that stand out too little, each with its contrast; none on a page that can be read.
  public static List<String> tooWeak(Page page) {
    return ((List<?>) page.evaluate(TOO_WEAK)).stream().map(String::valueOf).toList();
  }
}
