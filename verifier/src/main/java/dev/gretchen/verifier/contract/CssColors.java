package dev.gretchen.verifier.contract;

import java.util.Arrays;
import java.util.List;

/// The 148 named colours of CSS Color Level 4, in lower case and alphabetical order.
final class CssColors {

  static final List<String> NAMES =
      """
      aliceblue antiquewhite aqua aquamarine azure beige bisque black blanchedalmond blue
      blueviolet brown burlywood cadetblue chartreuse chocolate coral cornflowerblue
      cornsilk crimson cyan darkblue darkcyan darkgoldenrod darkgray darkgreen darkgrey
      darkkhaki darkmagenta darkolivegreen darkorange darkorchid darkred darksalmon
      darkseagreen darkslateblue darkslategray darkslategrey darkturquoise darkviolet
      deeppink deepskyblue dimgray dimgrey dodgerblue firebrick floralwhite forestgreen
      fuchsia gainsboro ghostwhite gold goldenrod gray green greenyellow grey honeydew
      hotpink indianred indigo ivory khaki lavender lavenderblush lawngreen lemonchiffon
      lightblue lightcoral lightcyan lightgoldenrodyellow lightgray lightgreen lightgrey
      lightpink lightsalmon lightseagreen lightskyblue lightslategray lightslategrey
      lightsteelblue lightyellow lime limegreen linen magenta maroon mediumaquamarine
      mediumblue mediumorchid mediumpurple mediumseagreen mediumslateblue mediumspringgreen
      mediumturquoise mediumvioletred midnightblue mintcream mistyrose moccasin navajowhite
      navy oldlace olive olivedrab orange orangered orchid palegoldenrod palegreen
      paleturquoise palevioletred papayawhip peachpuff peru pink plum powderblue purple
      rebeccapurple red rosybrown royalblue saddlebrown salmon sandybrown seagreen seashell
      sienna silver skyblue slateblue slategray slategrey snow springgreen steelblue tan
      teal thistle tomato turquoise violet wheat white whitesmoke yellow yellowgreen
      """
          .strip()
          .lines()
          .flatMap(line -> Arrays.stream(line.split(" ", -1)))
          .toList();

  private CssColors() {}
}
