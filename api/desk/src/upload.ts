// Files: `PUT /files` with progress, which fetch does not report, and authenticated downloads.
import { freshToken } from "./session";

/** A key for a request that creates something: repeating it with the same key never doubles it. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Stores a file and returns its id. `onProgress` gets the part that is sent, from 0 to 1. */
export async function upload(file: File, key: string, onProgress: (part: number) => void) {
  const token = await freshToken();
  return new Promise<string>((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", `/files?${new URLSearchParams({ name: file.name })}`);
    request.setRequestHeader("Authorization", `Bearer ${token}`);
    request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
    request.setRequestHeader("Idempotency-Key", key);
    request.responseType = "json";
    request.upload.onprogress = ({ loaded, total }) => onProgress(loaded / total);
    request.onload = () => {
      const { id, errors } = request.response ?? {};
      if (id) resolve(id);
      else reject(new Error(errors?.[0]?.message ?? `The server answered ${request.status}.`));
    };
    request.onerror = () => reject(new Error("The connection broke off. Send the file again."));
    request.send(file);
  });
}

/** Saves a file under its name. A link cannot send a token, so the page fetches the bytes. */
export async function download({ url, name }: { url: string; name: string }) {
  const headers = { Authorization: `Bearer ${await freshToken()}` };
  const response = await fetch(url, { headers });
  if (!response.ok) throw new Error((await response.json()).errors[0].message);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
