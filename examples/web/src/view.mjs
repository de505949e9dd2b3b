// Puts answers onto the page.

const SHOWN_LABELS = 5;
// Below these, of one and of the strongest score in a text, a word stays uncoloured.
const VISIBLE_SCORE = 0.005;
const VISIBLE_SHARE = 0.08;

const points = new Intl.NumberFormat("en", {
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
  signDisplay: "exceptZero",
});
const byId = (id) => document.getElementById(id);
const percent = (share) => `${(100 * share).toFixed(1)} %`;
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(2)} MB`;

/** What is known once the model is loaded. */
export function showFacts({ bytes, labels, maxWords }, offline) {
  byId("size").textContent = megabytes(bytes);
  byId("bytes").textContent = `${(bytes / 1e3).toFixed(0)} kB`;
  byId("labels").textContent = labels.length;
  byId("reads").textContent = `${maxWords} words`;
  if (offline) {
    byId("offline").textContent = "works offline";
    byId("offline").classList.add("ready");
  }
}

/** Shows label and probabilities; returns the index of the likeliest label. */
export function showAnswer({ labels }, probabilities, milliseconds) {
  const order = labels.map((_, index) => index);
  order.sort((one, other) => probabilities[other] - probabilities[one]);
  const [best] = order;
  byId("answer").textContent = labels[best];
  byId("milliseconds").textContent = `${milliseconds.toFixed(1)} ms`;
  byId("bars").replaceChildren(
    ...order.slice(0, SHOWN_LABELS).map((index) => {
      const bar = element("span", "", "bar");
      bar.style.setProperty("--share", probabilities[index]);
      const row = element("li", "", index === best ? "first" : "");
      row.append(element("span", labels[index], "label"), bar);
      row.append(element("span", percent(probabilities[index]), "share"));
      return row;
    }),
  );
  return best;
}

/** Says so where a text is longer than the window. */
export function showWindow({ maxWords, maxCharacters }, pieces) {
  const words = pieces.filter(({ blank }) => !blank).length;
  const characters = Array.from(pieces.map(({ text }) => text).join("")).length;
  byId("window").textContent =
    words > maxWords || characters > maxCharacters
      ? `The first ${maxWords} words are read, and no more than ${maxCharacters} characters.`
      : "";
}

/** Tells a screen reader the answer that stands on the page. */
export function speak() {
  const share = document.querySelector("#bars .first .share").textContent;
  byId("spoken").textContent = `${byId("answer").textContent}, ${share}`;
}

/** Colours the words of a text, and lists them in a table. */
export function showScores(pieces, scores) {
  const strongest = Math.max(...scores.map(Math.abs), VISIBLE_SCORE);
  byId("words").replaceChildren(
    ...pieces.map((piece, index) => {
      if (piece.blank) return piece.text;
      const score = scores[index];
      if (score === null) return element("span", piece.text, "unread");
      const strength = Math.abs(score) / strongest;
      const seen = Math.abs(score) >= VISIBLE_SCORE && strength >= VISIBLE_SHARE;
      const part = element("span", piece.text, seen ? (score > 0 ? "for" : "against") : "");
      part.style.setProperty("--strength", strength);
      return part;
    }),
  );
  const rows = pieces.map((piece, index) => [piece.text, scores[index]]);
  byId("scores").replaceChildren(
    ...rows
      .filter(([, score]) => score !== null)
      .sort(([, one], [, other]) => Math.abs(other) - Math.abs(one))
      .map(([text, score]) => {
        const row = element("tr", "");
        row.append(element("td", text), element("td", points.format(100 * score)));
        return row;
      }),
  );
}

function element(name, text, className) {
  const result = document.createElement(name);
  result.textContent = text;
  if (className) result.className = className;
  return result;
}
