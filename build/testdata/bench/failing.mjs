export const input = "json";
export async function open() {
  return () => {
    throw new Error("line 1 is wrong");
  };
}
