// A photo as it is sent: made smaller here, with what the camera wrote into it kept for checking (the server strips it for show).

const LONGEST = 1600;
const QUALITY = 0.82;

export async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** `{blob, sha256, original, modified_at}`; throws for what is no picture. */
export async function prepared(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const small = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  const whole = joined(new Uint8Array(await small.arrayBuffer()), camera(bytes));
  return {
    blob: new Blob([whole], { type: "image/jpeg" }),
    sha256: await sha256(whole),
    original: await sha256(bytes),
    modified_at: new Date(file.lastModified).toISOString(),
  };
}

/** The camera's own segment (Exif) of a JPEG, with the picture said to stand upright: the canvas has turned it. */
function camera(bytes) {
  const view = new DataView(bytes.buffer);
  if (bytes.length < 4 || view.getUint16(0) !== 0xffd8) return new Uint8Array();
  for (let at = 2; at + 4 < bytes.length && bytes[at] === 0xff && bytes[at + 1] !== 0xda; ) {
    const end = at + 2 + view.getUint16(at + 2);
    if (bytes[at + 1] === 0xe1 && String.fromCharCode(...bytes.slice(at + 4, at + 8)) === "Exif") {
      return end <= bytes.length ? upright(bytes.slice(at, end)) : new Uint8Array();
    }
    at = end;
  }
  return new Uint8Array();
}

function upright(segment) {
  const view = new DataView(segment.buffer);
  const start = 10;
  try {
    const little = view.getUint16(start) === 0x4949;
    const first = start + view.getUint32(start + 4, little);
    for (let row = 0; row < view.getUint16(first, little); row += 1) {
      const at = first + 2 + row * 12;
      if (view.getUint16(at, little) === 0x0112) view.setUint16(at + 8, 1, little);
    }
    return segment;
  } catch {
    return new Uint8Array();
  }
}

const joined = (picture, segment) => {
  const whole = new Uint8Array(picture.length + segment.length);
  whole.set(picture.subarray(0, 2));
  whole.set(segment, 2);
  whole.set(picture.subarray(2), 2 + segment.length);
  return whole;
};
