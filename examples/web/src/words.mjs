// Which words decided: each is left out once, and what the answer loses is its score.

const segmenter = new Intl.Segmenter(undefined, { granularity: "word" });

/**
 * The parts of a text: words, punctuation and emoji, and the white space between them. The model
 * cuts a little finer: for it "3.14" is three words.
 *
 * @param {string} text
 * @returns {{text: string, blank: boolean}[]} Joined they are the text.
 */
export function parts(text) {
  return Array.from(segmenter.segment(text), ({ segment }) => ({
    text: segment,
    blank: segment.trim() === "",
  }));
}

/**
 * How much each part adds to the probability of a label, and takes from it where negative.
 *
 * @param {object} classifier What `loadClassifier` gives.
 * @param {{text: string, blank: boolean}[]} pieces What `parts` gives.
 * @param {number} label Which label's probability is looked at.
 * @param {() => boolean} outdated Whether nobody waits for the scores any more.
 * @returns {Promise<(number|null)[]|null>} A score for each part, null for white space and behind
 *   the window; null alone when outdated.
 */
export async function wordScores(classifier, pieces, label, outdated) {
  const probability = async (chosen) =>
    (await classifier.probabilities(chosen.map((piece) => piece.text).join("")))[label];
  const whole = await probability(pieces);
  const scores = [];
  let words = 0;
  for (const [index, piece] of pieces.entries()) {
    if (piece.blank || words === classifier.maxWords) {
      scores.push(null);
      continue;
    }
    words += 1;
    scores.push(whole - (await probability(pieces.toSpliced(index, 1))));
    await new Promise((resolve) => setTimeout(resolve)); // typing goes first
    if (outdated()) return null;
  }
  return scores;
}
