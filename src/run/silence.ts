/** Saying that nothing crosses the link any more. */

/** Milliseconds without a packet. */
const silence = 10_000;

/** A watch for silence on the link. */
export interface Silence {
  /** Something has crossed. */
  touch: () => void;
  stop: () => void;
}

/** Calls once each time nothing has crossed the link for long. */
export function watchSilence(onSilence: () => void): Silence {
  let last = performance.now();
  let told = false;
  const timer = setInterval(() => {
    if (told || performance.now() - last < silence) return;
    told = true;
    onSilence();
  }, 500);
  return {
    touch() {
      last = performance.now();
      told = false;
    },
    stop: () => clearInterval(timer),
  };
}
