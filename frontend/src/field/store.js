// What the phone keeps, in databases named after the account: nobody else's page opens them.
// The day's list is private and goes at sign-out. The queue stays until the server has named each entry's number.

const ACCOUNT = "wuxie-field-account";
const STORES = { day: ["day"], queue: ["queue", "drafts"] };

const asked = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

function open(part, account) {
  const request = indexedDB.open(`wuxie-field-${part}:${account}`, 1);
  request.onupgradeneeded = () => {
    for (const name of STORES[part]) {
      if (name === "queue") request.result.createObjectStore(name, { keyPath: "seq", autoIncrement: true });
      else request.result.createObjectStore(name);
    }
  };
  return asked(request);
}

/** Run one transaction; `durability: strict` brings it to the disk before the page says that it is stored. */
async function within(part, account, name, mode, act) {
  const database = await open(part, account);
  try {
    const transaction = database.transaction(name, mode, { durability: "strict" });
    const done = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
    const found = await asked(act(transaction.objectStore(name)));
    await done;
    return found;
  } finally {
    database.close();
  }
}

export const account = () => localStorage.getItem(ACCOUNT) ?? "";
export const setAccount = (key) => localStorage.setItem(ACCOUNT, key);

export const day = (who) => within("day", who, "day", "readonly", (store) => store.get("bundle"));
export const keepDay = (who, bundle) => within("day", who, "day", "readwrite", (store) => store.put(bundle, "bundle"));

export const queue = (who) => within("queue", who, "queue", "readonly", (store) => store.getAll());
export const add = (who, entry) => within("queue", who, "queue", "readwrite", (store) => store.add(entry));
export const put = (who, entry) => within("queue", who, "queue", "readwrite", (store) => store.put(entry));
export const drop = (who, seq) => within("queue", who, "queue", "readwrite", (store) => store.delete(seq));

const key = (instance) => String(instance);
export const draft = (who, instance) => within("queue", who, "drafts", "readonly", (store) => store.get(key(instance)));
export const keepDraft = (who, instance, value) =>
  within("queue", who, "drafts", "readwrite", (store) => store.put(value, key(instance)));
export const dropDraft = (who, instance) =>
  within("queue", who, "drafts", "readwrite", (store) => store.delete(key(instance)));

/** What is private and can be had again is gone from this phone; what was not sent yet waits for its account. */
export function forget() {
  const who = account();
  localStorage.removeItem(ACCOUNT);
  if (who) indexedDB.deleteDatabase(`wuxie-field-day:${who}`);
}
