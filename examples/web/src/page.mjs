// The page: typing in, answers out.

import { loadClassifier } from "./classifier.mjs";
import { keepOffline } from "./offline.mjs";
import { showAnswer, showFacts, showScores, showWindow, speak } from "./view.mjs";
import { parts, wordScores } from "./words.mjs";

const SPEAK_AFTER_MS = 700;

const textarea = document.querySelector("#text");
const kept = await keepOffline();

try {
  const classifier = await loadClassifier("model.tflite", "litert/");
  showFacts(classifier, kept);
  await classifier.probabilities(textarea.value); // the first run takes longer
  run(classifier);
} catch (error) {
  const box = document.querySelector("#error");
  box.hidden = false;
  box.textContent = `The model could not be loaded. ${error.message ?? error}`;
  document.querySelector("#answer").textContent = "none";
}

function run(classifier) {
  let current = 0;
  let speaking;

  async function answer() {
    const mine = ++current;
    const outdated = () => mine !== current;
    const text = textarea.value;
    const start = performance.now();
    const probabilities = await classifier.probabilities(text);
    const milliseconds = performance.now() - start;
    if (outdated()) return;
    const best = showAnswer(classifier, probabilities, milliseconds);
    clearTimeout(speaking);
    speaking = setTimeout(speak, SPEAK_AFTER_MS);
    const pieces = parts(text);
    showWindow(classifier, pieces);
    const scores = await wordScores(classifier, pieces, best, outdated);
    if (scores) showScores(pieces, scores);
  }

  textarea.addEventListener("input", answer);
  document.querySelector("#examples").addEventListener("click", (event) => {
    if (event.target.localName !== "button") return;
    textarea.value = event.target.textContent;
    answer();
  });
  return answer();
}
