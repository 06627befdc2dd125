/** A Worker that does nothing: what every other one is compared with. */
export default {
  fetch() {
    return new Response();
  },
};
