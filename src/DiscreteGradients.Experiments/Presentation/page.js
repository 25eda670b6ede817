// The value of the point of a chart that is nearest to the pointer.
for (const chart of document.querySelectorAll('.chart')) {
  const svg = chart.querySelector(':scope > svg'), tip = chart.querySelector('.tip'), mark = svg.querySelector('.mark');
  const points = [...svg.querySelectorAll('circle[data-value]')];
  const place = point => [Number(point.getAttribute('cx')), Number(point.getAttribute('cy'))];
  svg.addEventListener('pointermove', event => {
    const to = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    let nearest = null, least = 40 * 40;
    for (const point of points) {
      const [x, y] = place(point), distance = (x - to.x) ** 2 + (y - to.y) ** 2;
      if (distance < least) [nearest, least] = [point, distance];
    }
    tip.style.display = nearest ? 'block' : 'none';
    mark.style.visibility = nearest ? 'visible' : 'hidden';
    if (!nearest) return;
    const [x, y] = place(nearest), at = new DOMPoint(x, y).matrixTransform(svg.getScreenCTM()), box = chart.getBoundingClientRect();
    mark.setAttribute('cx', x);
    mark.setAttribute('cy', y);
    tip.textContent = nearest.dataset.value;
    const half = tip.offsetWidth / 2;
    tip.style.left = `${Math.min(Math.max(at.x - box.left, half), box.width - half)}px`;
    tip.style.top = `${at.y - box.top}px`;
  });
  svg.addEventListener('pointerleave', () => {
    tip.style.display = 'none';
    mark.style.visibility = 'hidden';
  });
}
