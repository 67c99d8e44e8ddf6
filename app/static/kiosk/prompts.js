// Recorded prompts: one plays at a time.

let playing = null;

export const promptOf = (config, question, language) => config.prompts?.[question]?.[language];

export function play(address) {
  stop();
  playing = new Audio(address);
  return playing.play().catch(() => {});
}

export function stop() {
  playing?.pause();
  playing = null;
}
