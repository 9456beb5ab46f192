// Reading the code on the wall: with the camera where the browser can, typed where it cannot.

import { sha256 } from "./photo.js";

/** A code without address, dashes and blanks, as the server reads it. */
export const plain = (code) =>
  (code.trim().replace(/\/+$/, "").split("/").pop() ?? "").toUpperCase().replace(/[^0-9A-Z]/g, "").slice(0, 40);

/** The place of a code among those this phone was given; nothing if it is none of them. */
export async function placeOf(code, spots) {
  const digest = await sha256(new TextEncoder().encode(plain(code)));
  return spots.find((spot) => spot.digest === digest);
}

/** Ask for a code; resolves with it, or with "" if the person went back. */
export async function ask(dialog) {
  const [video, field] = [dialog.querySelector("video"), dialog.querySelector("input")];
  field.value = "";
  dialog.showModal();
  const watching = watch(video, (code) => {
    field.value = code;
    dialog.close("found");
  });
  await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
  (await watching)?.();
  return dialog.returnValue ? field.value : "";
}

/** Look through the camera until a code is seen; answers how to stop. */
async function watch(video, seen) {
  video.hidden = true;
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices) return undefined;
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    video.srcObject = stream;
    video.hidden = false;
    await video.play();
    const timer = setInterval(async () => {
      const [code] = await detector.detect(video).catch(() => []);
      if (code) seen(code.rawValue);
    }, 250);
    return () => {
      clearInterval(timer);
      stream.getTracks().forEach((track) => track.stop());
    };
  } catch {
    return undefined; // no camera, or it was not allowed: the code is typed
  }
}
